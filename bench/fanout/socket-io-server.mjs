// socket.io: each line of standard input is sent to all sockets.
import { createInterface } from "node:readline";
import { Server } from "socket.io";

const server = new Server(Number(process.argv[2]), { transports: ["websocket"] });
createInterface({ input: process.stdin }).on("line", (line) => server.emit("message", JSON.parse(line)));
