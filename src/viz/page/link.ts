import type { Reply, Request } from "../protocol.ts";

/** The page's end of the line to the worker. */
export interface Link {
  send(request: Request): void;
}

/**
 * Starts the worker.
 * @param onFailure is told in one sentence when the worker cannot start or dies.
 */
export function connect(onReply: (reply: Reply) => void, onFailure: (reason: string) => void): Link {
  if (typeof Worker === "undefined") {
    onFailure("This browser has no web workers, in which Headway simulates; a current browser has them.");
    return { send: () => undefined };
  }
  const worker = new Worker(new URL("../worker/main.ts", import.meta.url), {
    type: "module",
    name: "headway",
  });
  worker.addEventListener("message", (event: MessageEvent<Reply>) => onReply(event.data));
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    onFailure(
      event.message
        ? `The simulation stopped: ${event.message}`
        : "The simulation could not start: this browser may not know module workers; a current browser does.",
    );
  });
  const send = (request: Request): void => worker.postMessage(request);
  send({ kind: "start", base: document.baseURI });
  return { send };
}
