// The topics of a forum, as its first page: open, closed, and those that somebody deleted.

import { useState } from "preact/hooks";
import { Icon } from "./icons";
import { Box } from "./notices";
import { hueOf } from "./runs";
import type { Topic } from "./shapes";

const LONGEST_NAME = 128; // core.telegram.org/bots/api#createforumtopic

interface TopicsProps {
  topics: Topic[];
  /** Null is General, where everybody writes who opens no topic. */
  onTopic: (id: number | null) => void;
  onNew: (name: string) => void;
}

export function Topics({ topics, onTopic, onNew }: TopicsProps) {
  const [naming, setNaming] = useState(false);
  return (
    <div class="tg-topics">
      <ul aria-label="Topics">
        <li>
          <button type="button" onClick={() => onTopic(null)}>
            <span class="tg-general" aria-hidden="true">
              #
            </span>
            <span class="tg-topic-name">
              <b>General</b>
            </span>
          </button>
        </li>
        {topics.map((topic) => (
          <li key={topic.id}>
            <button type="button" disabled={topic.deleted} onClick={() => onTopic(topic.id)}>
              <TopicSign topic={topic} />
              <span class="tg-topic-name">
                <b>{topic.name}</b>
                <span>{standing(topic)}</span>
              </span>
              {topic.closed && <Icon name="lock" />}
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="tg-new-topic" onClick={() => setNaming(true)}>
        <Icon name="plus" /> New topic
      </button>
      {naming && <Naming onClose={() => setNaming(false)} onNew={onNew} />}
    </div>
  );
}

export function TopicSign({ topic }: { topic: Topic }) {
  return (
    <svg class={`tg-topic-sign fill-${hueOf(topic.id)}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d="M12 3C6.500 3 2.500 6.600 2.500 11c0 2.300 1.100 4.300 2.900 5.800-.2 1.500-.9 2.800-1.900 3.900 2.200-.1 4-.8 5.300-1.900 1 .2 2.100.3 3.200.3 5.500 0 9.500-3.600 9.500-8.100S17.500 3 12 3z" />
      <text x="12" y="14.800" text-anchor="middle">
        {[...topic.name.replace(/^\P{L}+/u, "")][0]?.toUpperCase() ?? "#"}
      </text>
    </svg>
  );
}

function standing(topic: Topic): string {
  const count = `${topic.messages} ${topic.messages === 1 ? "message" : "messages"}`;
  if (topic.deleted) return "deleted";
  return topic.closed ? `closed, ${count}` : count;
}

function Naming({ onClose, onNew }: { onClose: () => void; onNew: (name: string) => void }) {
  const [name, setName] = useState("");
  return (
    <Box label="New topic" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
          onNew(name.trim());
        }}
      >
        <label>
          Name of the topic
          <input
            value={name}
            maxLength={LONGEST_NAME}
            required
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <div class="tg-box-foot">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" disabled={!name.trim()}>
            Create
          </button>
        </div>
      </form>
    </Box>
  );
}
