import {type RowIndex} from './row-index.js';
import {batchSize, type Source} from './source.js';

/**
Take all rows of a source into an index, and sort it. Yields after each batch, which is a short read transaction, so that others can write and the caller can do something else.
*/
export function* readInto(
	index: RowIndex,
	source: Source,
): Generator<void, void, void> {
	let after = Number.MIN_SAFE_INTEGER;

	for (;;) {
		let rows = 0;

		for (const row of source.batch(after)) {
			index.add(row);
			after = row.rowid;
			rows++;
		}

		yield;

		if (rows < batchSize) {
			index.sort();
			return;
		}
	}
}
