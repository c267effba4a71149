import {compare} from './agreement.js';
import {completeLinkage} from './linkage.js';
import {denialsIn, isOpposite} from './polarity.js';
import {wordsOf} from './words.js';

/**
Answers that are at least this alike are worded alike.
*/
const alike = 0.6;

/**
What is compared of a text, in characters; the rest has to be the same.
*/
const longestCompared = 500;

/**
How alike two texts are worded, 0 to 1: half the cosine of their words and pairs of words, weighed by how rare they are in the two, half the Dice coefficient of their runs of four characters; less when they name other numbers or one denies what the other says.

It tells wording and not meaning: what is said with other words is unlike, and two names that changed places are not noticed.
*/
export function likenessOf(left: string, right: string): number {
	return likeness(readWording(left), readWording(right));
}

/**
The beginning of a text that its form is told by, in characters.
*/
const longestForm = 5000;

/**
How alike each two of some texts are in their form, 0 to 1: half the cosine of their words and pairs of words, weighed by how rare they are in all of the texts, half the Dice coefficient of their runs of four characters. Numbers and denials count for no more than other words. What is longer than 5,000 characters is compared by its beginning.

@see C. Manning et al., Introduction to Information Retrieval (2008), chapter 6; T. Sørensen (1948).
*/
export function formsOf(texts: readonly string[]): number[][] {
	return formsAmong(texts.map(text => readWording(text.slice(0, longestForm))));
}

function formsAmong(
	wordings: ReadonlyArray<Pick<Wording, 'terms' | 'runs'>>,
): number[][] {
	const rarity = rarityIn(wordings.map(({terms}) => terms));
	const weights = wordings.map(({terms}) => weighed(terms, rarity));
	const norms = weights.map(each => Math.hypot(...each.values()));
	const products = sharedSums(weights, (left, right) => left * right);
	const runs = wordings.map(each => each.runs);
	const totals = runs.map(each =>
		each.values().reduce((sum, count) => sum + count, 0),
	);
	const common = sharedSums(runs, Math.min);

	return wordings.map((_, row) =>
		wordings.map((__, column) => {
			const product = products[row]![column]!;
			const both = common[row]![column]!;
			const cosine =
				product === 0 ? 0 : product / (norms[row]! * norms[column]!);
			const dice =
				both === 0 ? 0 : (2 * both) / (totals[row]! + totals[column]!);

			return row === column ? 1 : (cosine + dice) / 2;
		}),
	);
}

/**
Instances whose texts are worded alike, the largest group first; the order in which they come does not matter. Texts that differ in a number, a letter that stands alone (as that of an option), a mathematical sign or in what they deny are never in one group. This is wording, not agreement.
*/
export function groupWordings(
	texts: ReadonlyArray<{readonly id: string; readonly text: string}>,
): string[][] {
	const sorted = texts
		.toSorted((left, right) => compare(left.id, right.id))
		.map(({id, text}) => ({
			id,
			wording: readWording(text.slice(0, longestCompared)),
			rest: text.slice(longestCompared),
		}));
	const matrix: number[][] = [];

	for (const {wording, rest} of sorted) {
		const row = matrix.length;
		matrix.push(
			sorted.map((other, column) =>
				column < row
					? matrix[column]![row]!
					: rest === other.rest && mayBeOne(wording, other.wording)
						? likeness(wording, other.wording)
						: 0,
			),
		);
	}

	return completeLinkage(matrix, alike).map(group =>
		group.map(index => sorted[index]!.id),
	);
}

/**
What is compared of a text.
*/
type Wording = {
	readonly words: readonly string[];
	readonly terms: Counts;
	readonly runs: Counts;
	readonly numbers: ReadonlySet<string>;
	readonly particulars: string;
};

type Counts = ReadonlyMap<string, number>;

function readWording(text: string): Wording {
	const words = wordsOf(text);
	const characters = [...` ${words.join(' ')} `];

	return {
		words,
		terms: counted([
			...words,
			...words.slice(1).map((word, index) => `${words[index]!} ${word}`),
		]),
		runs: counted(
			characters
				.slice(3)
				.map((_, index) => characters.slice(index, index + 4).join('')),
		),
		numbers: new Set(words.filter(word => /^\d/v.test(word))),
		particulars: particularsOf(text, words),
	};
}

function mayBeOne(left: Wording, right: Wording): boolean {
	return (
		left.particulars === right.particulars &&
		!isOpposite(left.words, right.words)
	);
}

function likeness(left: Wording, right: Wording): number {
	return (
		formsAmong([left, right])[0]![1]! *
		(0.3 + 0.7 * jaccard(left.numbers, right.numbers)) *
		(isOpposite(left.words, right.words) ? 0.4 : 1)
	);
}

const numberWords = new Set(
	'zero one two three four five six seven eight nine ten eleven twelve hundred thousand million billion half double twice second third'.split(
		' ',
	),
);

/**
What has to be the same to the letter: numbers with their sign and unit, also those that are written out, single letters, mathematical signs, and what is denied.
*/
function particularsOf(text: string, words: readonly string[]): string {
	const normal = text.normalize('NFKC').replaceAll('−', '-');

	return [
		...[numerals, letters, optionLetters, signs].map(pattern =>
			(normal.match(pattern) ?? []).map(each =>
				each.toLowerCase().replaceAll(/\s/gv, ''),
			),
		),
		words.filter(word => numberWords.has(word)),
		denialsIn(words),
	]
		.map(found => found.toSorted().join(','))
		.join('|');
}

const numerals =
	/(?<![\p{L}\p{N}])-?\d+(?:[.,]\d+)*\s?(?:%|[\p{L}°]{1,3}(?!\p{L}))?|\d+/gv;
const letters =
	/(?<![\p{L}\p{N}'’])(?:[B-HJ-Zb-hj-z]|A(?! \p{Ll}))(?![\p{L}\p{N}'’])/gv;
const optionLetters =
	/(?<=\b(?:option|choice|answer|plan|variant|case|type) \(?)[ai]\b/giv;
const signs = /[<>=≤≥≠+*\/^~±√∞¬]|!(?=[\p{L}=\(])/gv;

function jaccard(
	left: ReadonlySet<string>,
	right: ReadonlySet<string>,
): number {
	const common = [...left].filter(each => right.has(each)).length;
	const all = left.size + right.size - common;
	return all === 0 ? 1 : common / all;
}

/**
How much a term tells among some texts: smoothed, so that one of all of them still counts.
*/
function rarityIn(documents: readonly Counts[]): (term: string) => number {
	const found = counted(
		documents.flatMap(document => document.keys().toArray()),
	);

	return term =>
		Math.log((1 + documents.length) / (1 + (found.get(term) ?? 0))) + 1;
}

function weighed(
	counts: Counts,
	rarity: (term: string) => number,
): ReadonlyMap<string, number> {
	return new Map(
		counts
			.entries()
			.map(([term, count]) => [term, (1 + Math.log(count)) * rarity(term)]),
	);
}

/**
For each two of some counts the sum over the items that both have, in the time it takes to go through those.
*/
function sharedSums(
	all: readonly Counts[],
	together: (left: number, right: number) => number,
): number[][] {
	const holders = new Map<string, Array<readonly [number, number]>>();

	for (const [index, counts] of all.entries()) {
		for (const [item, count] of counts) {
			const found = holders.get(item);

			if (found) {
				found.push([index, count]);
			} else {
				holders.set(item, [[index, count]]);
			}
		}
	}

	const sums = all.map(() => all.map(() => 0));

	for (const found of holders.values()) {
		for (const [row, left] of found) {
			const sumsOfRow = sums[row]!;

			for (const [column, right] of found) {
				sumsOfRow[column]! += together(left, right);
			}
		}
	}

	return sums;
}

function counted(items: readonly string[]): Counts {
	const counts = new Map<string, number>();

	for (const item of items) {
		counts.set(item, (counts.get(item) ?? 0) + 1);
	}

	return counts;
}
