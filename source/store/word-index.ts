import {type Log} from './log.js';
import {type Word} from './words.js';

/**
What to ask the index for: all words in a row, one of them at least in its `response`, or all in its `prompt`.
*/
export type IndexQuery = {
	readonly inResponse: string;
	readonly inPrompt: string;
};

/**
A beginning of more words than this is taken for a word of its own beside the first of them: FTS5 would read all their rows before it shows the newest.
*/
const mostEndings = 40;

/**
Put words in the index's own language. `isWhole` is false where it may not find all of what they mean.
*/
export function indexQuery(
	log: Log,
	words: readonly Word[],
): {readonly query: IndexQuery; readonly isWhole: boolean} {
	const known = words.filter(({tokens}) => tokens.length > 0);
	const choices = known.map(({tokens, isWhole}) => {
		const endings = isWhole ? [] : endingsOf(log, tokens.at(-1)!);
		const phrases = new Set([tokens.at(-1)!, ...endings])
			.values()
			.map(last => phrase([...tokens.slice(0, -1), last]));
		return {
			isWhole: endings.length < mostEndings,
			text: `(${phrases.toArray().join(' OR ')})`,
		};
	});
	const all = choices.map(({text}) => text).join(' AND ');
	const some = choices.map(({text}) => text).join(' OR ');

	return {
		isWhole:
			known.length === words.length &&
			known.every(({isUnspaced}) => !isUnspaced) &&
			choices.every(({isWhole}) => isWhole),
		// Nothing matches an empty phrase.
		query:
			known.length === 0
				? {inResponse: '""', inPrompt: '""'}
				: {
						inResponse:
							known.length === 1
								? `response : ${all}`
								: `${all} AND response : (${some})`,
						inPrompt: `prompt : (${all})`,
					},
	};
}

const phrase = (tokens: readonly string[]) =>
	`"${tokens.join(' ').replaceAll('"', '""')}"`;

/**
The words of the index that begin so, up to a number. Each is a look-up of its own, since the rows of a word are not to be read.
*/
function endingsOf(log: Log, beginning: string): string[] {
	log.exec(
		"CREATE VIRTUAL TABLE IF NOT EXISTS temp.consortium_words USING fts5vocab('main', 'responses_fts', 'instance')",
	);
	const select = log
		.prepare<[string], string>(
			'SELECT term FROM temp.consortium_words WHERE term >= ? LIMIT 1',
		)
		.pluck();
	const found: string[] = [];
	let next = select.get(beginning);

	while (next?.startsWith(beginning) && found.length < mostEndings) {
		found.push(next);
		next = select.get(`${next}\0`);
	}

	return found;
}
