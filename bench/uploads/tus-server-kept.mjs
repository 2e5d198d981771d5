// @tus/server with the promises of our server about bytes: SHA-256 of all of them, and synced before the last answer. The
// state of a digest is kept in memory: unlike ours, an upload cannot go on after a restart of the process.
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { pipeline, Transform } from "node:stream";
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";

class KeptFileStore extends FileStore {
  hashes = new Map();

  async write(readable, id, offset) {
    const hash = this.hashes.get(id) ?? createHash("sha256");
    this.hashes.set(id, hash);
    const hashing = new Transform({
      transform(chunk, _encoding, done) {
        hash.update(chunk);
        done(null, chunk);
      },
    });
    // An error destroys `hashing`, and the write fails.
    const reached = await super.write(pipeline(readable, hashing, () => {}), id, offset);
    const { size } = await this.configstore.get(id);
    if (reached === size) await this.sync(id);
    return reached;
  }

  async sync(id) {
    const file = await open(`${this.directory}/${id}`, "r+");
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }

  digest(id) {
    const digest = this.hashes.get(id).digest("hex");
    this.hashes.delete(id);
    return digest;
  }
}

const [port, directory] = process.argv.slice(2);
const datastore = new KeptFileStore({ directory });
const server = new Server({
  path: "/uploads",
  datastore,
  onUploadFinish: async (_request, upload) => ({ headers: { "Upload-Digest": datastore.digest(upload.id) } }),
});
server.listen({ host: "127.0.0.1", port: Number(port) });
