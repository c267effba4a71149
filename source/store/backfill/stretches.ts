import {isOutput, longest, type Search} from './planned-run.js';

/**
Rows that may belong to the same runs: the outputs and the arbiters that began in a stretch of time, in the order of their calls. `rows` is how many rows of any kind there are in it.
*/
export type Stretch = {
	readonly outputs: readonly number[];
	readonly arbiters: readonly number[];
	readonly rows: number;
};

/**
After this much silence, in milliseconds, nothing goes on.
*/
const silence = 900_000;

/**
From this many outputs and arbiters on a stretch ends where no output is open, and at the latest at so many.
*/
const enough = 500;
const most = 5000;

/**
All there is, in stretches that can be gone through one after the other. Arbiters at the end of one that may go on are left to the next.
*/
export function* stretches(search: Search): Generator<Stretch> {
	const {index} = search;
	let outputs: number[] = [];
	let arbiters: number[] = [];
	let rows = 0;
	let openUntil = -Infinity;

	for (const row of index.inOrder()) {
		const start = index.start(row);
		const output = isOutput(search, row);

		if (output || index.isArbiter(row)) {
			const count = outputs.length + arbiters.length;

			if (
				start - openUntil > silence ||
				(count >= enough && start > openUntil) ||
				count >= most
			) {
				const held = arbiters
					.filter(each => start - index.end(each) <= silence)
					.slice(-enough / 2);
				const waiting = new Set(held);
				yield {
					outputs,
					arbiters: arbiters.filter(each => !waiting.has(each)),
					rows,
				};
				outputs = [];
				arbiters = held;
				rows = 0;
			}

			(output ? outputs : arbiters).push(row);
			openUntil = Math.max(
				openUntil,
				index.end(row) +
					(output && index.durationMs(row) === null ? longest : 0),
			);
		}

		rows++;
	}

	yield {outputs, arbiters, rows};
}
