import {type Log} from './log.js';
import {explained} from './store-error.js';

const leastLength = 8;

const tables = ['responses', 'consortium_runs', 'consortium_found_runs'];

/**
How ids of runs and responses are shortened: to what no other begins with, and at least eight characters. Each takes a look at its neighbours in the indexes, whatever the size of the log.

@throws UserError when the log is damaged.
*/
export function shortIds(log: Log): (id: string) => string {
	const neighbours = explained(log.name, () =>
		log
			.prepare<{id: string}, string | null>(
				tables
					.flatMap(table => [
						`SELECT CAST(max(id) AS TEXT) FROM ${table} WHERE id < @id`,
						`SELECT CAST(min(id) AS TEXT) FROM ${table} WHERE id > @id`,
					])
					.join(' UNION ALL '),
			)
			.pluck(),
	);

	return id => {
		const shared = explained(log.name, () => neighbours.all({id})).map(other =>
			sharedLength(id, other ?? ''),
		);
		// Those with capital letters are only found as they are.
		return id === id.toLowerCase()
			? id.slice(0, Math.max(leastLength, Math.max(...shared) + 1))
			: id;
	};
}

function sharedLength(one: string, other: string): number {
	let length = 0;

	while (length < one.length && one[length] === other[length]) {
		length++;
	}

	return length;
}
