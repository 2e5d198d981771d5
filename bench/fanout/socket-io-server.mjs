// socket.io: what is written on standard input goes to everybody, a line a message.
import { createInterface } from "node:readline";
import { Server } from "socket.io";

const server = new Server(Number(process.argv[2]), { transports: ["websocket"] });
createInterface({ input: process.stdin }).on("line", (line) => server.emit("said", JSON.parse(line)));
