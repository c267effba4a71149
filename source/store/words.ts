/**
A word a person looks for.
*/
export type Word = {
	/**
	What the index knows of it, folded as FTS5's `unicode61` folds: whole words and, last, the beginning of one, unless it is whole. Empty for mere signs.

	@see https://www.sqlite.org/fts5.html#unicode61_tokenizer
	*/
	readonly tokens: readonly string[];

	/**
	It was put between quotation marks, so that its last word ends where it ends.
	*/
	readonly isWhole: boolean;

	/**
	Matches it in a text in form NFD.
	*/
	readonly pattern: RegExp;

	/**
	It may stand within a run of characters, which the index takes for one word.
	*/
	readonly isUnspaced: boolean;
};

/**
A piece of a text around words that were looked for.
*/
export type SnippetPart = {readonly text: string; readonly isMarked: boolean};

const mostWords = 8;
const longestWord = 100;
const accents = String.raw`[\u0300-\u036F]`;
const token = /[\p{L}\p{N}\p{Co}\u0300-\u036F]+/gv;
const unspaced =
	/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/v;

const operators = new Set(['AND', 'OR', 'NOT']);

/**
The words of a query, at most eight, words between quotation marks being one. There are no operators: what is one in the query language of FTS5 is left out beside words, since nobody looks for it.
*/
export function wordsOf(query: string): Word[] {
	const typed = query.replaceAll(/\p{Cc}/gv, ' ').match(/"[^"]+"|\S+/gv) ?? [];
	const words = typed.filter(each => !operators.has(each));

	return (words.length > 0 ? words : typed)
		.slice(0, mostWords)
		.map(each => wordOf(each));
}

function wordOf(whole: string): Word {
	const isQuoted =
		whole.length > 2 && whole.startsWith('"') && whole.endsWith('"');
	const typed = whole.slice(0, longestWord);
	const tokens = (typed.match(token) ?? [])
		.map(piece => folded(piece))
		.filter(Boolean);
	const isUnspaced = unspaced.test(typed);
	const pieces = (tokens.length > 0 ? tokens : [typed]).map(piece =>
		[...piece.normalize('NFD')]
			.map(sign => `${escaped(sign)}${accents}*`)
			.join(''),
	);
	const isBounded = tokens.length > 0 && !isUnspaced;
	const begins = isBounded ? String.raw`(?<![\p{L}\p{N}]${accents}*)` : '';
	const ends =
		isBounded && isQuoted ? String.raw`(?![\p{L}\p{N}\u0300-\u036F])` : '';

	return {
		tokens,
		isWhole: isQuoted,
		pattern: new RegExp(
			begins + pieces.join(String.raw`[^\p{L}\p{N}]+`) + ends,
			'iu',
		),
		isUnspaced,
	};
}

/**
In small letters and without accents. Form NFC, or syllables of Hangul would come apart.
*/
function folded(text: string): string {
	return text
		.normalize('NFD')
		.replaceAll(new RegExp(accents, 'gu'), '')
		.normalize('NFC')
		.toLowerCase();
}

const escaped = (sign: string) =>
	sign.replaceAll(/[$\(\)*+.\/?\[\\\]^\{\|\}]/gv, String.raw`\$&`);

/**
How many of the words are in a text.
*/
export function wordsIn(text: string, words: readonly Word[]): number {
	const form = text.normalize('NFD');
	return words.filter(({pattern}) => pattern.test(form)).length;
}

const before = 30;
const length = 200;
const mostMatches = 200;

/**
The place of a text where most of the words stand together, with all of them marked there; its beginning where there are none.
*/
export function snippetOf(text: string, words: readonly Word[]): SnippetPart[] {
	const form = text.normalize('NFD');
	const matches = words
		.flatMap(({pattern}, word) =>
			form
				.matchAll(new RegExp(pattern, 'giu'))
				.take(mostMatches)
				.map(match => ({
					word,
					from: match.index,
					to: match.index + match[0].length,
				}))
				.toArray(),
		)
		.toSorted((left, right) => left.from - right.from);
	const near = (from: number) =>
		new Set(
			matches
				.filter(each => each.from >= from && each.to <= from + length - before)
				.map(({word}) => word),
		).size;
	const best = matches.reduce(
		(found, {from}) => {
			const count = near(from);
			return count > found.count ? {from, count} : found;
		},
		{from: 0, count: 0},
	);
	const from = wordStart(form, best.from);
	const to = Math.min(form.length, from + length);
	const parts: SnippetPart[] = [];
	let at = from;

	const add = (end: number, isMarked: boolean) => {
		if (end > at) {
			const piece = form
				.slice(at, end)
				.normalize('NFC')
				.replaceAll(/\s+/gv, ' ');
			parts.push({text: piece, isMarked});
			at = end;
		}
	};

	for (const match of matches) {
		if (match.from >= at && match.to <= to) {
			add(match.from, false);
			add(match.to, true);
		}
	}

	add(to, false);
	return parts;
}

/**
Some characters before a place, from where a word begins.
*/
function wordStart(text: string, at: number): number {
	const from = Math.max(0, at - before);
	const space = text.slice(from, at).search(/\s/v);
	return from === 0 ? 0 : space === -1 ? at : from + space + 1;
}
