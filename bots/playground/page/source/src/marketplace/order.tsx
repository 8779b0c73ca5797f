// The order that a conversation is about, or the way to start one.

import { useState } from "preact/hooks";
import type { Act } from "../hands";
import { useOnce } from "../once";
import type { Talk } from "../shapes";

interface OrderBarProps {
  shop: string;
  open: Talk;
  act: Act;
}

const STEPS: Record<string, [status: string, label: string][]> = {
  active: [
    ["delivered", "Seller delivers"],
    ["cancelled", "Cancel"],
  ],
  delivered: [
    ["revision requested", "Request a revision"],
    ["completed", "Accept"],
  ],
  "revision requested": [
    ["delivered", "Seller delivers"],
    ["cancelled", "Cancel"],
  ],
};

export const isOver = (status: string) => status === "completed" || status === "cancelled";

export function OrderBar({ shop, open, act }: OrderBarProps) {
  const { order, conversation } = open;
  if (!order || isOver(order.status)) return <StartOrder shop={shop} open={open} act={act} />;
  const steps = STEPS[order.status] ?? STEPS.active ?? [];
  return (
    <div class="market-order" role="group" aria-label={`Order ${order.id}`}>
      <p>
        <b dir="auto">{order.title || `Order ${order.id}`}</b> <span class="market-status">{order.status}</span>
      </p>
      <p>
        {steps.map(([status, label]) => (
          <button
            type="button"
            class="market-button market-plain"
            key={status}
            onClick={() => act("/marketplace/hands/order_updated", { shop, status, conversation })}
          >
            {label}
          </button>
        ))}
      </p>
    </div>
  );
}

function StartOrder({ shop, open, act }: OrderBarProps) {
  const [title, setTitle] = useState<string | null>(null);
  const { buyer, conversation, order } = open;
  const start = useOnce(async () => {
    const started = { id: `o-${Date.now().toString(36)}`, title, status: "active" };
    const body = { shop, buyer: buyer.name, order: started, conversation };
    if (await act("/marketplace/hands/order_started", body)) setTitle(null);
  });
  const before = order && <span class="quiet">{`${order.title || order.id}: ${order.status}. `}</span>;
  if (title === null) {
    return (
      <p class="market-order">
        <span>{before ?? <span class="quiet">An inquiry, no order yet.</span>}</span>
        <button type="button" class="market-button market-plain" onClick={() => setTitle("A poster, A2")}>
          Start an order
        </button>
      </p>
    );
  }
  return (
    <form
      class="market-order"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <label>
        <span class="unseen">What is ordered</span>
        <input value={title} required maxLength={100} onInput={(event) => setTitle(event.currentTarget.value)} />
      </label>
      <button type="submit" class="market-button">
        Order
      </button>
      <button type="button" class="market-button market-plain" onClick={() => setTitle(null)}>
        Cancel
      </button>
    </form>
  );
}
