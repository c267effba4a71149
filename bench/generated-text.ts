import {mulberry32} from '../source/core/random.js';

/**
Words that stand in a known share of the texts, so that a search can be measured by how much it finds.
*/
export const markers = {
	onehundredthousandth: 1e-5,
	onethousandth: 1e-3,
	onehundredth: 1e-2,
	onetenth: 0.1,
	onehalf: 0.5,
} as const;

export type Chance = {
	/**
	From 0 up to 1.
	*/
	readonly random: () => number;

	/**
	From 0 up to `count`, whole.
	*/
	readonly below: (count: number) => number;
	readonly oneOf: <Item>(items: readonly Item[]) => Item;

	/**
	About so many words (half to one and a half times as many), in sentences; each may be given marks.
	*/
	readonly prose: (words: number) => string;

	/**
	The marks a text is given.
	*/
	readonly marks: () => string;
};

/**
Words that have a rank of their own; the others are made as they are needed.
*/
const commonWords = 20_000;
const tableLength = 65_536;

/**
Chance and texts that are the same for the same seed. The n-th most frequent word is about n times as rare as the first (Zipf's law), over a vocabulary of some hundred thousand.
*/
export function createChance(seed: number): Chance {
	const random = mulberry32(seed);
	const below = (count: number) => Math.floor(random() * count);
	const words = Array.from({length: commonWords}, (_, rank) => wordOf(rank));

	// For each slot its word: a draw is then a look-up.
	const table = zipfTable(words);

	const word = () =>
		below(200) === 0
			? wordOf(commonWords + below(300_000))
			: table[below(tableLength)]!;

	return {
		random,
		below,
		oneOf: items => items[below(items.length)]!,
		prose(count) {
			let rest = Math.ceil(count * (0.5 + random()));
			let text = '';

			while (rest > 0) {
				const length = Math.min(rest, 6 + below(14));
				const first = word();
				text += first[0]!.toUpperCase() + first.slice(1);

				for (let said = 1; said < length; said++) {
					text += ` ${word()}`;
				}

				text += below(6) === 0 ? '.\n\n' : '. ';
				rest -= length;
			}

			return text.trimEnd();
		},
		marks() {
			let text = '';

			for (const [mark, share] of Object.entries(markers)) {
				if (random() < share) {
					text += ` ${mark}`;
				}
			}

			return text;
		},
	};
}

function zipfTable(words: readonly string[]): string[] {
	const total = words.reduce((sum, _, rank) => sum + 1 / (rank + 1), 0);
	const table: string[] = [];
	let sum = 0;

	for (const [rank, word] of words.entries()) {
		sum += 1 / (rank + 1) / total;

		while (table.length < sum * tableLength) {
			table.push(word);
		}
	}

	while (table.length < tableLength) {
		table.push(words[0]!);
	}

	return table;
}

const onsets = 'b c d f g h k l m n p r s t v w'.split(' ');
const vowels = 'a e i o u ea ou y'.split(' ');

/**
A word that can be spoken, one for each number: the smaller, the shorter.
*/
function wordOf(rank: number): string {
	let rest = rank;
	let word = '';

	do {
		word += onsets[rest % 16]! + vowels[Math.floor(rest / 16) % 8]!;
		rest = Math.floor(rest / 128) - 1;
	} while (rest >= 0);

	return `${word}n`;
}

/**
A question in a sentence or a few.
*/
export function question(chance: Chance): string {
	return `${chance.prose(25).replace(/\.$/, '')}?`;
}
