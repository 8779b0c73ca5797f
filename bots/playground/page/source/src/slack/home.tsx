// The app's Home tab, as it was published for this person.

import { Blocks } from "./blocks";
import type { View } from "./shapes";
import { SurfaceProvider } from "./surface";
import { useViewSurface } from "./view-surface";

export function Home({ view }: { view: View | null }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by the keyboard
    <section class="scroll home" tabIndex={0} aria-label="Home of Shopbell">
      {view ? (
        <Published key={view.id} view={view} />
      ) : (
        <p class="beginning">Shopbell has not published a Home tab for you.</p>
      )}
    </section>
  );
}

function Published({ view }: { view: View }) {
  const { surface } = useViewSurface(view);
  return (
    <SurfaceProvider value={surface}>
      <Blocks blocks={view.blocks} />
    </SurfaceProvider>
  );
}
