import assert from "node:assert/strict";
import { test } from "node:test";

import { arranged, nextOf } from "../../hackathon/static/js/jury-next.js";

const team = (id, readings = 0) => ({ id, readings });
const among = (...ids) => ({ id }) => ids.includes(id);

test("the next team is open and not skipped, going round", () => {
  const teams = [1, 2, 3, 4].map((id) => team(id));
  const known = { isFinal: among(4), isSkipped: among(1) };
  assert.equal(nextOf(teams, 3, known).id, 2);
  assert.equal(nextOf(teams, 2, known).id, 3);
});

test("a skipped team comes back when no other is left", () => {
  const teams = [1, 2, 3].map((id) => team(id));
  assert.equal(nextOf(teams, 3, { isFinal: among(2), isSkipped: among(1) }).id, 1);
  assert.equal(nextOf(teams, 3, { isFinal: among(1, 2), isSkipped: among() }), undefined);
});

test("where no team is, the one that the fewest have read is next", () => {
  const teams = [team(1, 2), team(2, 3), team(3, 1), team(4, 1), team(5, 0)];
  const known = { isFinal: among(), isSkipped: among(5), least: true };
  assert.equal(nextOf(teams, 2, known).id, 3);
  assert.equal(nextOf([team(1)], 1, known), undefined);
});

test("teams that the own order does not have come before those with a lower total", () => {
  const teams = [{ id: 1, total: 12 }, { id: 2, total: 15 }, { id: 3, total: 13 }, { id: 4, total: 9 }];
  assert.deepEqual(arranged(teams, []).map(({ id }) => id), [2, 3, 1, 4]);
  assert.deepEqual(arranged(teams, [1, 2, 99]).map(({ id }) => id), [3, 1, 2, 4]);
});
