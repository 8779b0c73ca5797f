// What cannot be drawn says so in its own place, and leaves the rest of the page as it is.

import { Component, type ComponentChildren } from "preact";

interface GuardedProps {
  /** Another value is another try. */
  of: unknown;
  children: ComponentChildren;
}

export class Guarded extends Component<GuardedProps, { failed: string; of: unknown }> {
  override state = { failed: "", of: undefined as unknown };

  override componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ failed: String(error), of: this.props.of });
  }

  override render({ of, children }: GuardedProps) {
    const { failed, of: failedOf } = this.state;
    return failed && of === failedOf ? <p class="problem">This cannot be drawn: {failed}</p> : children;
  }
}
