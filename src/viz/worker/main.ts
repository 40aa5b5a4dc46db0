import { transfersOf, type Reply, type Request } from "../protocol.ts";
import { createSession, type Session } from "./session.ts";

// The pure parts of the project know no worker; this is the one place where messages come and go.
const send = (reply: Reply): void => postMessage(reply, { transfer: transfersOf(reply) });
let session: Session | null = null;

addEventListener("message", (event: MessageEvent<Request>) => {
  const request = event.data;
  switch (request.kind) {
    case "start":
      session = createSession(request.base, send);
      return;
    case "open":
      void session?.open(request.episode, request.request);
      return;
    case "refresh":
      session?.refresh();
      return;
    case "advance":
      session?.advance(request.episode, request.frames);
      return;
  }
});
