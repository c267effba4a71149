import {mostTrusted, readSections} from './sections.js';

/**
The one-line answer that a member gave: its last `final` section (or `answer`), else what prose outside of code marks as the result; null when there is none. Thinking is not read.
*/
export function parseFinal(text: string): string | null {
	for (const name of ['final', 'answer']) {
		const {sections} = readSections(text, [name, 'confidence']);

		for (const {content, isClosed} of mostTrusted(sections, name)) {
			const line = isClosed ? content : content.trimStart().split('\n', 1)[0];
			const final = folded(line ?? '');

			if (final !== '') {
				return final;
			}
		}
	}

	const {prose} = readSections(text, ['confidence']);
	return boxed(prose) ?? afterHashes(prose) ?? afterAnnouncement(prose);
}

function folded(text: string): string {
	return text.trim().replaceAll(/\s+/g, ' ');
}

function boxed(text: string): string | null {
	const opening = String.raw`\boxed{`;
	const start = text.lastIndexOf(opening);

	if (start === -1) {
		return null;
	}

	let depth = 1;
	let end = start + opening.length;

	for (; end < text.length && depth > 0; end++) {
		depth += text[end] === '{' ? 1 : text[end] === '}' ? -1 : 0;
	}

	const content = folded(text.slice(start + opening.length, end - 1));
	return depth === 0 && content !== '' ? content : null;
}

/**
Four hashes also begin a heading: it is a result when it is a number or the last line.
*/
function afterHashes(text: string): string | null {
	const lines = text.split('\n').filter(line => line.trim() !== '');

	for (const [index, line] of lines.entries().toArray().toReversed()) {
		const content = line.trimStart().startsWith('#### ')
			? folded(line.trimStart().slice(5))
			: '';
		const isResult =
			index === lines.length - 1 || numberIn(plain(content)) !== null;

		if (content !== '' && isResult) {
			return content;
		}
	}

	return null;
}

function afterAnnouncement(text: string): string | null {
	const announcement =
		/\b(final answer(?: is|:| =)|the answer is)[ \t]{0,9}[:*_]{0,5}[ \t]{0,9}([^\n]{1,300})/gi;
	let last: string | null = null;

	for (const {1: words, 2: rest} of text.matchAll(announcement)) {
		const sentence = (rest ?? '').trim().split(/[.!?](?:[\s*_]|$)/, 1)[0] ?? '';
		const final = folded(
			sentence.replaceAll(/^[\s*_`]{1,9}|[\s*_`]{1,9}$/g, ''),
		);
		const isPlain =
			/^final/i.test(words ?? '') || !canonicalFinal(final).startsWith('text:');

		if (final !== '' && isPlain) {
			last = final;
		}
	}

	return last;
}

/**
One form for answers that mean the same, to be compared by equality: `num:` (10 significant digits; 50%, .5 and 1/2 are one), `choice:`, `bool:`, `json:` or `text:`. When in doubt two answers stay different.
*/
export function canonicalFinal(final: string): string {
	const text = plain(final);
	const number = numberIn(text);

	if (number !== null) {
		return `num:${number}`;
	}

	const choice =
		/^(?:(?:option|choice|answer) )?\(?([a-z])\)?\.?$/i.exec(text) ??
		/^\(?([a-z])\)[\s:]/i.exec(text) ??
		/^(?:option|choice) ([a-z])[.:,)\s]/i.exec(text);

	if (choice) {
		return `choice:${choice[1]!.toLowerCase()}`;
	}

	const truth = /^(?:yes|true|no|false)(?:[.,;:!]|\s*[–—]|\s-\s|$)/i.exec(text);

	if (truth) {
		return `bool:${/^[yt]/i.test(text)}`;
	}

	const json = /^[[{]/.test(text) ? jsonIn(final) : null;
	return json === null
		? `text:${text.replace(/[.。]{1,9}$/, '').toLowerCase()}`
		: `json:${json}`;
}

const longestNumber = 80;
const raised = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/**
A text without what is only dress: markup, LaTeX, quotation marks, an announcement, typographic variants.
*/
function plain(text: string): string {
	const oneLine = text
		.replaceAll(
			new RegExp(`[${raised}]+`, 'g'),
			digits =>
				`^${Array.from(digits, digit => raised.indexOf(digit)).join('')}`,
		)
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

function stripped(text: string): string {
	const dress = '*_`"\'$ ';
	let start = 0;
	let end = text.length;

	while (start < end && dress.includes(text[start]!)) {
		start++;
	}

	while (end > start && dress.includes(text[end - 1]!)) {
		end--;
	}

	return text.slice(start, end);
}

function numberIn(text: string): string | null {
	const match =
		/^([+-]?)\s?[$€£¥]?\s?([+-]?[\d.,' ]*\d\.?)(?:\s?\/\s?(\d[\d.]*))?(e[+-]?\d+)?\s?(%|per ?cent)?\s?[$€£¥]?\.?$/i.exec(
			text,
		);

	if (!match || text.length > longestNumber) {
		return null;
	}

	const [, sign, digits = '', divisor = '1', exponent = '', percent] = match;
	const base = mixedNumber(
		digits,
		match[3] === undefined ? null : Number(divisor),
	);

	if (base === null) {
		return null;
	}

	const value =
		(sign === '-' ? -base : base) *
		Number(`1${exponent}`) *
		(percent === undefined ? 1 : 0.01);
	return Number.isFinite(value)
		? String(Number(value.toPrecision(10)) + 0)
		: null;
}

/**
Digits as they are written, over a divisor if there is one; with it, `1 1/2` is one and a half.
*/
function mixedNumber(written: string, divisor: number | null): number | null {
	const mixed = /^([+-]?)(\d+) (\d+)$/.exec(written);

	if (mixed && divisor !== null) {
		const value = Number(mixed[2]) + Number(mixed[3]) / divisor;
		return mixed[1] === '-' ? -value : value;
	}

	const value = decimal(written);
	return value === null ? null : value / (divisor ?? 1);
}

function decimal(written: string): number | null {
	const text = written.replace(/\.$/, '');

	if (/^[+-]?\d{1,3}(?:\.\d{3})+,\d+$/.test(text)) {
		return Number(text.replaceAll('.', '').replace(',', '.'));
	}

	if (/^[+-]?[1-9]\d{0,2}([,' ])\d{3}(?:\1\d{3})*(?:\.\d+)?$/.test(text)) {
		return Number(text.replaceAll(/[,' ]/g, ''));
	}

	return /^[+-]?(?:\d+(?:[.,]\d+)?|[.,]\d+)$/.test(text)
		? Number(text.replace(',', '.'))
		: null;
}

function jsonIn(text: string): string | null {
	try {
		return JSON.stringify(sortedKeys(JSON.parse(text)));
	} catch {
		return null;
	}
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

/**
An answer without the closing lines a member was asked for, for a person to read; the final line alone when there is nothing else.
*/
export function withoutClosing(text: string): string {
	const closing = text.search(/<final>|<confidence>/i);
	const rest =
		closing >= 0 && text.length - closing <= longestClosing
			? text
					.slice(closing)
					.replaceAll(/<(?<tag>final|confidence)>[^<]*<\/\k<tag>>/gi, '')
			: null;

	if (rest?.trim() !== '') {
		return text.trim();
	}

	const before = text.slice(0, closing).trim();
	return before === '' ? (parseFinal(text) ?? '') : before;
}

/**
Closing lines are short; what is longer is part of the answer.
*/
const longestClosing = 1000;
