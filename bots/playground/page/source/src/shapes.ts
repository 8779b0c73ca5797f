// What the page's doors say of the marketplace, the clock, the faults, the wire and the rates.

import type { SlackPaneState } from "./slack/shapes";
import type { TelegramPaneState } from "./telegram/shapes";

export interface Attachment {
  url: string;
  name: string | null;
  type: string | null;
  size: number | null;
}

export interface MarketMessage {
  id: string;
  by: "buyer" | "seller";
  text: string;
  at: string;
  edited: boolean;
  deleted: boolean;
  spam: boolean;
  attachments: Attachment[];
  quick_response: { id: string | null; title: string } | null;
  author: string | null;
}

export interface Order {
  id: string;
  title: string;
  status: string;
}

export interface MarketConversation {
  conversation: string;
  /** Their name. */
  buyer: string;
  order: Order | null;
  last: { text: string; at: string; by: "buyer" | "seller" } | null;
  count: number;
}

/** A conversation with all that is known of its buyer. */
export type Talk = Omit<MarketConversation, "buyer"> & { buyer: Buyer };

export interface Buyer {
  id: string;
  name: string;
  language: string;
  time_zone: string;
}

export interface MarketplaceState {
  shop: string;
  name: string;
  availability: {
    available: boolean;
    since: string | null;
    until: string | null;
    note: string | null;
    accept_messages: boolean;
    shown: string;
  };
  buyers: Buyer[];
  conversations: MarketConversation[];
  /** How many conversations there are beside these. */
  more?: number;
  conversation: string | null;
  messages: MarketMessage[];
  older: boolean;
}

export interface ClockState {
  now: string;
  ahead: number;
  movable: boolean;
}

export type Side = "slack" | "telegram" | "marketplace";

export interface FaultsState {
  menu: { name: string; title: string; what: string; side: Side; on: boolean; once?: boolean; healed_by: string }[];
}

export interface WireCall {
  n: number;
  /** Seconds since 1970, by the page's clock. */
  at: number;
  side: Side;
  direction: "to" | "from";
  method: string;
  request: unknown;
  status: number | null;
  response: unknown;
  problems: string[];
  cut?: boolean;
}

export interface WireState {
  calls: WireCall[];
  last: number;
  problems: number;
}

export interface Rate {
  percent: number | null;
  met: number;
  missed: number;
  band: string | null;
  since: string;
  covered: boolean;
  enough: boolean;
  fallback: boolean;
}

/** What Shopbell's `GET /v1/shops/{shop}/rates` says of one rate, as far as it is drawn here. */
export interface Standing {
  of: "inbox" | "order" | "all";
  policy: string;
  threshold: number | null;
  window: { days: number; min_sample: number };
  rate: Rate;
  affordable_misses: number | null;
  answers_to_recover: number | null;
  at_risk: { buyer: string; due: string | null; percent_together: number | null }[];
  more_at_risk: boolean;
  stricter: { part: string; policy: string }[];
}

export interface Owed {
  obligation: string;
  conversation: string;
  buyer: string;
  kind: "inbox" | "order";
  received: string;
  due: string | null;
  counts: boolean;
  reason: string | null;
}

export type Verdict = "in_time" | "late" | "missed" | "pending" | "excluded";

export interface LedgerEntry {
  obligation: string;
  buyer: string;
  kind: "inbox" | "order";
  received: string;
  due: string | null;
  answered: string | null;
  by: string | null;
  verdict: Verdict;
  reason: string | null;
}

export interface RatesState {
  shop?: string;
  rates?: { as_of: string; rates: Standing[] };
  open?: { obligations: Owed[]; cursor?: string | null };
  ledger?: { entries: LedgerEntry[] };
  problem?: string;
}

export interface Panes {
  slack: SlackPaneState;
  telegram: TelegramPaneState;
  marketplace: MarketplaceState;
  rates: RatesState;
  clock: ClockState;
  faults: FaultsState;
  wire: WireState;
}

export type PaneName = keyof Panes;
