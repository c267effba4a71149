const negations = new Set(
	'not no never none nor neither nobody nothing nowhere cannot without hardly nicht nichts kein keine keinen keinem keiner nie niemals ohne ne pas jamais sans nunca sin não nem niet geen'.split(
		' ',
	),
);

/**
Languages that put no blanks between words.
*/
const unspacedNegations = /[不没沒無无未非]|ない|ません/gv;

const antonyms = [
	'yes no',
	'true false',
	'always never',
	'all none',
	'increase decrease',
	'increases decreases',
	'increased decreased',
	'raise lower',
	'higher lower',
	'high low',
	'rise fall',
	'rises falls',
	'rose fell',
	'grow shrink',
	'grew fell',
	'grew shrank',
	'up down',
	'more less',
	'more fewer',
	'most least',
	'above below',
	'before after',
	'left right',
	'north south',
	'east west',
	'maximum minimum',
	'accept reject',
	'allow deny',
	'allowed forbidden',
	'enable disable',
	'enabled disabled',
	'open closed',
	'start stop',
	'on off',
	'with without',
	'better worse',
	'best worst',
	'good bad',
	'larger smaller',
	'faster slower',
	'hot cold',
	'buy sell',
	'win lose',
	'guilty innocent',
	'positive negative',
	'succeeds fails',
	'first last',
].map(pair => pair.split(' ') as [string, string]);

const prefixes = ['un', 'in', 'im', 'il', 'ir', 'non', 'dis'];

/**
Whether one text denies more than the other, or says the opposite with a word: what small words turn around. Both are given as their words. An opposite told by other means is not seen.
*/
export function isOpposite(
	left: readonly string[],
	right: readonly string[],
): boolean {
	const [some, others] = [new Set(left), new Set(right)];

	return (
		denialsIn(left).length !== denialsIn(right).length ||
		turnsAround(some, others) ||
		turnsAround(others, some)
	);
}

/**
What is denied in a text: each small word that denies, with the one that follows it.
*/
export function denialsIn(words: readonly string[]): string[] {
	return words.flatMap((word, index) => {
		const count =
			negations.has(word) || word.endsWith("n't")
				? 1
				: (word.match(unspacedNegations)?.length ?? 0);

		return Array.from({length: count}, () => `${word} ${words[index + 1]}`);
	});
}

function turnsAround(
	some: ReadonlySet<string>,
	others: ReadonlySet<string>,
): boolean {
	const onlyOne = (word: string) => some.has(word) && !others.has(word);
	const onlyOther = (word: string) => others.has(word) && !some.has(word);

	return (
		antonyms.some(
			([one, other]) =>
				(onlyOne(one) && onlyOther(other)) ||
				(onlyOne(other) && onlyOther(one)),
		) ||
		[...some].some(
			word =>
				onlyOne(word) && prefixes.some(prefix => onlyOther(prefix + word)),
		)
	);
}
