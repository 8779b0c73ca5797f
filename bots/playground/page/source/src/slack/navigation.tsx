// Who acts, and where they look: the bar on top and the one at the side.

import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Avatar, Bell } from "./avatar";
import type { SlackChannel, SlackPaneState, SlackPerson } from "./shapes";

interface PeopleProps {
  people: readonly SlackPerson[];
  user: string;
  choose: (user: string) => void;
}

export function People({ people, user, choose }: PeopleProps) {
  const name = useId();
  return (
    <fieldset class="people">
      <legend>Acting as</legend>
      {people.map((person) => (
        <label key={person.id} class={person.id === user ? "chosen" : undefined} title={person.tz}>
          <input type="radio" name={name} checked={person.id === user} onChange={() => choose(person.id)} />
          <Avatar id={person.id} small />
          <span>
            {person.name} {person.role && <small>{person.role}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface ChannelsProps {
  pane: SlackPaneState;
  atHome: boolean;
  go: (channel: string) => void;
  goHome: () => void;
}

export function Channels({ pane, atHome, go, goHome }: ChannelsProps) {
  const channels = pane.channels.filter((channel) => channel.kind !== "im");
  const direct = pane.channels.find((channel) => channel.kind === "im");
  const inDirect = !atHome && direct !== undefined && pane.channel === direct.id;
  return (
    <nav class="channels" aria-label="Channels and apps">
      <p class="group">Channels</p>
      {channels.map((channel) => (
        <Place
          key={channel.id}
          icon={<Mark channel={channel} />}
          label={channel.name}
          here={!atHome && pane.channel === channel.id}
          open={() => go(channel.id)}
        />
      ))}
      <p class="group">Apps</p>
      <Place
        icon={
          <span class="avatar small app">
            <Bell />
          </span>
        }
        label="Shopbell"
        here={atHome || inDirect}
        open={direct ? () => go(direct.id) : goHome}
      />
    </nav>
  );
}

interface PlaceProps {
  icon: ComponentChildren;
  label: string;
  here: boolean;
  open: () => void;
}

function Place({ icon, label, here, open }: PlaceProps) {
  return (
    <button type="button" class="place" aria-current={here ? "page" : undefined} onClick={open}>
      <span class="sign" aria-hidden="true">
        {icon}
      </span>
      <span class="name">{label}</span>
    </button>
  );
}

/** # for a public channel, a lock for a private one. */
export function Mark({ channel }: { channel: SlackChannel }) {
  if (channel.kind !== "private") return <>#</>;
  return (
    <svg viewBox="0 0 20 20" class="icon" role="img" aria-label="private">
      <path d="M10 2a4 4 0 0 1 4 4v2h.5A1.5 1.5 0 0 1 16 9.5v6a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 4 15.5v-6A1.5 1.5 0 0 1 5.5 8H6V6a4 4 0 0 1 4-4Zm0 1.6A2.4 2.4 0 0 0 7.6 6v2h4.8V6A2.4 2.4 0 0 0 10 3.6Z" />
    </svg>
  );
}
