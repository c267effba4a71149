/**
One form for answers that mean the same, to be compared by equality: `num:` (10 significant digits, whole numbers to the last; 50%, .5 and 1/2 are one), `choice:`, `bool:`, `json:` or `text:`. When in doubt two answers stay different: a false agreement costs quality, a false disagreement tokens. What is too long for a line, and no JSON, is compared as it stands.
*/
export function canonicalFinal(final: string): string {
	if (final.length > longestLine) {
		return jsonIn(final) ?? `text:${final}`;
	}

	const text = plain(final);
	const number = numberIn(text);

	if (number !== null) {
		return `num:${number}`;
	}

	const choice = choiceIn(text);

	if (choice !== null) {
		return `choice:${choice}`;
	}

	const truth = truthIn(text);

	if (truth !== null) {
		return `bool:${truth}`;
	}

	return (
		jsonIn(final) ?? `text:${uncapitalised(text.replace(/[.。]{1,9}$/, ''))}`
	);
}

/**
The letter of a choice. What follows it may name what it stands for, and nothing that could be an answer of its own.
*/
function choiceIn(text: string): string | null {
	const alone =
		/^(?:(?:option|choice|answer) )?(?:\(([a-z])\)|([a-z])\)?)\.?$/i.exec(text);

	if (alone) {
		return (alone[1] ?? alone[2])!.toLowerCase();
	}

	const [, bracketed, named, rest = ''] =
		/^(?:\(?([a-z])\)|(?:option|choice) ([a-z])[.:,)])\s?(.*)$/i.exec(text) ??
		[];
	const letter = bracketed ?? named;
	const others = [
		// "a" alone is a letter where nothing follows it, and else an article.
		/\d|(?<!\p{L})[\p{Lu}b-z](?![\p{L}'])|^[,;&+/|]|\(a\)|\ba\)|^a\.?$/u,
		/(?:\b(?:and|or|not?|never|cannot|none|neither|nor|both|wrong|incorrect|false|except|unless|but)|n't)\b/iu,
	];

	return letter === undefined || others.some(each => each.test(rest))
		? null
		: letter.toLowerCase();
}

/**
Whether it says yes or no, and beyond that at most that "it is so", or "is not": a no that says what is so instead is an answer of its own.
*/
function truthIn(text: string): boolean | null {
	const [, word, rest = ''] =
		/^(yes|true|no|false)(?:(?:[.,;:!–—]|\s-\s)\s?(.*))?$/i.exec(text) ?? [];

	if (word === undefined) {
		return null;
	}

	const is = /^(?:yes|true)$/i.test(word);
	const isDenied = /\b(?:not|no|never|cannot|\w+n't)\b/i.test(rest);
	const isTakenBack =
		/\b(?:but|except|unless|only|if|when|while|until|although|though|however|partly|partially|sometimes|depends|false|wrong|incorrect|untrue)\b/i.test(
			rest,
		);
	const isEcho =
		!isTakenBack &&
		/^(?:it|this|that|these|those|they|he|she|there|we|you|i)\b\D*$/i.test(
			rest,
		) &&
		isDenied !== is;

	return rest === '' || isEcho ? is : null;
}

/**
A text without capitals where they only begin words, or shout. Those of units, symbols and formulas tell answers apart: 5 mW is not 5 MW.
*/
function uncapitalised(text: string): string {
	const isShouted = /^\P{Ll}{4,}$/u.test(text);

	return text.replaceAll(
		/(\d\s?)?(\p{L}+)/gu,
		(all: string, digit: string | undefined, word: string) =>
			text.length < 3 ||
			(digit !== undefined && word.length < 4) ||
			(!isShouted &&
				/^(?:\p{L}\p{Lu}{1,2}$|.*\p{Ll}\p{Lu}|\p{Lu}{2,}\p{Ll})/u.test(word))
				? all
				: all.toLowerCase(),
	);
}

const longestLine = 10_000;
const longestNumber = 80;
const raised = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const lowered = '₀₁₂₃₄₅₆₇₈₉';

const digitsFrom = (signs: string, all: string) =>
	Array.from(all, sign => signs.indexOf(sign)).join('');

/**
A text without what is only dress: markup, LaTeX, quotation marks, an announcement, typographic variants.
*/
function plain(text: string): string {
	const oneLine = text
		.replaceAll(
			new RegExp(`[${raised}]+`, 'g'),
			digits => `^${digitsFrom(raised, digits)}`,
		)
		.replaceAll(
			new RegExp(`[${lowered}]+`, 'g'),
			digits => `_${digitsFrom(lowered, digits)}`,
		)
		.replaceAll(/(?<=\d)(?=[¼-¾⅐-⅞])/g, ' ')
		.normalize('NFKC')
		.replaceAll(/[‐‑−]/g, '-')
		.replaceAll('⁄', '/')
		.replaceAll(/[‘’]/g, "'")
		.replaceAll(/[“”]/g, '"')
		.replaceAll(
			/\\(?:boxed|text|textbf|mathrm|mathbf)\{([^{}]{1,200})\}/g,
			'$1',
		)
		.replaceAll(/\\[dt]?frac\{([^{}]{1,50})\}\{([^{}]{1,50})\}/g, '$1/$2')
		.replaceAll(/\\[()[\],!]/g, '')
		.replaceAll(/\\(?=[%$])/g, '');
	const bare = stripped(folded(oneLine).replace(/(?<=[*_`"'$])\.$/, ''));
	const answer = bare.replace(
		/^(?:the )?(?:final )?answer(?: is|:) ?:?\s?/i,
		'',
	);
	return stripped(answer) || bare || folded(oneLine);
}

export function folded(text: string): string {
	return text.trim().replaceAll(/\s+/g, ' ');
}

/**
Without markup and quotation marks at both ends. What stands at one end only belongs to the text (`*p`, `5"`), but for two asterisks, as of a heading in bold.
*/
function stripped(text: string): string {
	const dress = '*_`"\'$';
	let start = 0;
	let end = text.length;
	let isGoingOn = true;

	while (isGoingOn) {
		const from = start;
		const to = end;

		while (start < end && text[start] === ' ') {
			start++;
		}

		while (end > start && text[end - 1] === ' ') {
			end--;
		}

		if (
			end - start > 1 &&
			text[start] === text[end - 1] &&
			dress.includes(text[start]!)
		) {
			start++;
			end--;
		} else if (text.startsWith('**', start) && end - start > 2) {
			start += 2;
		} else if (end - start > 2 && text.endsWith('**', end)) {
			end -= 2;
		}

		isGoingOn = start !== from || end !== to;
	}

	return text.slice(start, end);
}

const numeral =
	/^(?<sign>[+-]?)\s?(?<before>[$€£¥]?)\s?(?<inner>[+-]?)(?<digits>[\d.,' ]*\d\.?)(?:\s?\/\s?(?<divisor>\d[\d.]*))?(?<exponent>e[+-]?\d+)?\s?(?<percent>%|per ?cent)?\s?(?<after>[$€£¥]?)\.?$/i;

function numberIn(text: string): string | null {
	const groups =
		text.length > longestNumber ? undefined : numeral.exec(text)?.groups;

	if (!groups) {
		return null;
	}

	const {sign = '', inner = '', before = '', after = ''} = groups;
	const size = sizeOf(groups);
	const isTwice =
		sign.length + inner.length > 1 || before.length + after.length > 1;

	return size === null || isTwice
		? null
		: `${sign + inner === '-' && size !== '0' ? '-' : ''}${size}${(before + after).replace('$', '')}`;
}

/**
Without its sign; null for what is no number, or too large or too small to be told apart.
*/
function sizeOf({
	digits = '',
	divisor,
	exponent,
	percent,
}: Readonly<Record<string, string | undefined>>): string | null {
	const isPlain = [divisor, exponent, percent].every(
		each => each === undefined,
	);
	const whole = isPlain ? wholeNumber(digits) : null;

	if (whole !== null) {
		return whole;
	}

	const base = mixedNumber(
		digits,
		divisor === undefined ? null : Number(divisor),
	);

	if (base === null) {
		return null;
	}

	const value =
		base * Number(`1${exponent ?? ''}`) * (percent === undefined ? 1 : 0.01);

	return Number.isFinite(value) && (value !== 0 || base === 0)
		? String(
				Number.isSafeInteger(value) ? value : Number(value.toPrecision(10)),
			)
		: null;
}

/**
All digits of a whole number that has more than ten of them; null for any other.
*/
function wholeNumber(written: string): string | null {
	const digits = /^[1-9]\d{0,2}([,' ])\d{3}(?:\1\d{3})*\.?$/.test(written)
		? written.replaceAll(/[,' .]/g, '')
		: written.replace(/\.$/, '').replace(/^0+(?=\d)/, '');

	return /^\d{11,}$/.test(digits) ? digits : null;
}

/**
Digits as they are written, over a divisor if there is one; with it, `1 1/2` is one and a half.
*/
function mixedNumber(written: string, divisor: number | null): number | null {
	const mixed = /^(\d+) (\d+)$/.exec(written);

	if (mixed && divisor !== null) {
		return Number(mixed[1]) + Number(mixed[2]) / divisor;
	}

	const value = decimal(written);
	return value === null ? null : value / (divisor ?? 1);
}

function decimal(written: string): number | null {
	const text = written.trim().replace(/\.$/, '');

	if (/^\d{1,3}(?:\.\d{3})+,\d+$/.test(text)) {
		return Number(text.replaceAll('.', '').replace(',', '.'));
	}

	if (/^[1-9]\d{0,2}([,' ])\d{3}(?:\1\d{3})*(?:\.\d+)?$/.test(text)) {
		return Number(text.replaceAll(/[,' ]/g, ''));
	}

	return /^(?:\d+(?:[.,]\d+)?|[.,]\d+)$/.test(text)
		? Number(text.replace(',', '.'))
		: null;
}

/**
An object or a list as JSON, with its keys in order; null for none, and for what JavaScript would change: numbers of more than 15 digits or out of range, keys that stand twice.
*/
function jsonIn(text: string): string | null {
	if (!/^\s*[[{]/.test(text)) {
		return null;
	}

	try {
		const value: unknown = JSON.parse(text);
		const outside = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
		const numbers = outside.match(/-?\d[\d.e+-]*/gi) ?? [];
		const isKept =
			numbers.every(each => isExact(each)) &&
			outside.split(':').length - 1 === keysIn(value);

		return isKept ? `json:${JSON.stringify(sortedKeys(value))}` : null;
	} catch {
		return null;
	}
}

function isExact(written: string): boolean {
	const value = Number(written);
	const digits = written
		.split(/e/i, 1)[0]!
		.replaceAll(/\D/g, '')
		.replace(/^0+/, '');

	return (
		Number.isFinite(value) &&
		digits.length <= 15 &&
		(value !== 0 || digits === '')
	);
}

function keysIn(value: unknown): number {
	return typeof value === 'object' && value !== null
		? Object.values(value).reduce<number>(
				(sum, each) => sum + keysIn(each),
				Array.isArray(value) ? 0 : Object.keys(value).length,
			)
		: 0;
}

function sortedKeys(value: unknown): unknown {
	if (Array.isArray(value)) {
		return value.map(item => sortedKeys(item));
	}

	if (typeof value !== 'object' || value === null) {
		return value;
	}

	return Object.fromEntries(
		Object.entries(value)
			.toSorted(([left], [right]) => (left < right ? -1 : 1))
			.map(([key, item]) => [key, sortedKeys(item)]),
	);
}
