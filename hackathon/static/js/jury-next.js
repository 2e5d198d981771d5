// Which team a juror reads next, and the juror's own order. Nothing here reads or writes storage.

/**
 * The next team after `from` in the juror's list, going round; one that was skipped only if no other is left. With
 * `least` the one that the fewest others have read, and none that was skipped.
 * @template {{ id: number, readings: number }} T
 * @param {T[]} teams
 * @param {number} from
 * @param {{ isFinal: (team: T) => boolean, isSkipped: (team: T) => boolean, least?: boolean }} known
 * @returns {T | undefined}
 */
export function nextOf(teams, from, { isFinal, isSkipped, least = false }) {
  const at = teams.findIndex(({ id }) => id === from);
  const open = [...teams.slice(at + 1), ...teams.slice(0, Math.max(at, 0))].filter((team) => !isFinal(team));
  const free = open.filter((team) => !isSkipped(team));
  if (least) return free.sort((team, other) => team.readings - other.readings)[0]; // stable
  return free[0] ?? open[0];
}

/**
 * The own order, with teams that it does not have yet before the first one that has a lower total.
 * @template {{ id: number, total: number }} T
 * @param {T[]} teams
 * @param {number[]} order ids
 */
export function arranged(teams, order) {
  const places = new Map(order.map((id, place) => [id, place]));
  const ordered = teams.filter(({ id }) => places.has(id))
    .sort((team, other) => (places.get(team.id) ?? 0) - (places.get(other.id) ?? 0));
  const rest = teams.filter(({ id }) => !places.has(id)).sort((team, other) => other.total - team.total);
  for (const team of rest) {
    const place = ordered.findIndex(({ total }) => total < team.total);
    ordered.splice(place < 0 ? ordered.length : place, 0, team);
  }
  return ordered;
}
