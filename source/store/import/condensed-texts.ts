import {type Log} from '../log.js';
import {finder, type Tables} from './probe.js';
import {numberOf, textOf} from './values.js';

/**
The texts that keys in the condensed JSON of a file stand for: answers and fragments.
*/
export function createCondensedTexts(
	db: Log,
	tables: Tables,
): (key: string) => string | null {
	const responseOf = finder(db, tables.get('responses'), ['id']);
	const fragmentOf = finder(db, tables.get('fragments'), ['id']);

	return key => {
		const [, kind, id] = /^(r:|s?f:?)([^:].*)$/sv.exec(key) ?? [];

		switch (kind) {
			case undefined: {
				return null;
			}

			case 'r:': {
				return textOf(responseOf(id)[0]?.['response']);
			}

			default: {
				return textOf(fragmentOf(numberOf(id))[0]?.['content']);
			}
		}
	};
}
