// `ws`: each line of standard input is sent to all sockets.
import { createInterface } from "node:readline";
import { WebSocketServer } from "ws";

const server = new WebSocketServer({ port: Number(process.argv[2]), host: "127.0.0.1", perMessageDeflate: false });
createInterface({ input: process.stdin }).on("line", (line) => {
  for (const client of server.clients) client.send(line);
});
