// What the server behind this copy of the book offers: every copy carries course-server.json; only the local server's names something.
const root = new URL("../", import.meta.url); // the page's static folder lies one below the book's root

async function discover() {
  if (!location.protocol.startsWith("http")) return {};
  try {
    const answer = await fetch(new URL("course-server.json", root), { cache: "no-store" });
    const offers = await answer.json();
    return Object.fromEntries(Object.entries(offers).map(([name, path]) => [name, new URL(path, root)]));
  } catch {
    return {}; // no server, no copy: nothing to tell the reader
  }
}

export const offers = discover();
