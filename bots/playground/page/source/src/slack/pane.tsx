// Slack, as one person of the workspace sees it: drawn from the blocks that the app sent.

import "./slack.css";
import "./navigation.css";
import "./message.css";
import "./avatar.css";
import "./files.css";
import "./text.css";
import "./blocks.css";
import "./composer.css";
import "./lists.css";
import "./fields.css";
import "./dialog.css";
import "./widths.css";
import { useState } from "preact/hooks";
import type { PaneProps } from "../state";
import { Conversation } from "./conversation";
import { DeskProvider, useNewDesk } from "./desk";
import { Head } from "./head";
import { Home } from "./home";
import { Modal } from "./modal";
import { Channels, People } from "./navigation";
import type { Spot } from "./permalinks";
import { Question } from "./question";
import type { Confirm, SlackPaneState } from "./shapes";
import { Thread } from "./thread";

interface Asked {
  question: Confirm;
  answer: (yes: boolean) => void;
}

export function SlackPane({ pane, act, select, older, ahead = 0 }: PaneProps<SlackPaneState>) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [target, setTarget] = useState<Spot | null>(null);
  const ask = (question: Confirm) => new Promise<boolean>((answer) => setAsked({ question, answer }));
  const visit = (spot: Spot) => {
    select({ channel: spot.channel, thread: spot.inThread ? spot.ts : "", home: "" });
    setTarget(spot);
  };
  const desk = useNewDesk({ pane, act, select, ask, visit, ahead });
  const channel = pane.channels.find((each) => each.id === pane.channel);
  const direct = pane.channels.find((each) => each.kind === "im");
  const goHome = () => {
    select({ home: "1" });
    void act("/slack/hands/open_home", { user: pane.user });
  };
  const go = (id: string) => select({ channel: id, thread: "", home: "" });
  const atHome = pane.at_home;
  const covered = pane.views.length > 0 || asked !== null;
  return (
    <DeskProvider value={desk}>
      <div class="slack">
        <People people={pane.people} user={pane.user} choose={(user) => select({ user, channel: "", thread: "" })} />
        <div class="desk" inert={covered}>
          <Channels pane={pane} atHome={atHome} go={go} goHome={goHome} />
          <div class="main">
            <Head
              channel={atHome ? direct : channel}
              atHome={atHome}
              goHome={goHome}
              goTo={direct && (() => go(direct.id))}
            />
            {atHome && <Home key={pane.user} view={pane.home} />}
            {!atHome && channel && (
              <Conversation
                key={`${pane.user} ${channel.id}`}
                pane={pane}
                channel={channel}
                older={older}
                target={target}
                reached={() => setTarget(null)}
              />
            )}
          </div>
          {!atHome && channel && pane.thread && (
            <Thread key={pane.thread.ts} pane={pane} thread={pane.thread} channel={channel} />
          )}
        </div>
        {pane.views.map((view, index) => (
          <Modal key={view.id} view={view} under={index < pane.views.length - 1} failures={pane.failures} />
        ))}
        {asked && (
          <Question
            asked={asked.question}
            answer={(yes) => {
              setAsked(null);
              asked.answer(yes);
            }}
          />
        )}
      </div>
    </DeskProvider>
  );
}
