import {mostTrusted, readSections} from './sections.js';

const longestStatement = 300;
const window = 100;

function withoutMarkup(text: string): string {
	return text
		.slice(0, longestStatement)
		.replaceAll(/<!--[^]*?-->|<!\[CDATA\[|\]\]>|<[^<>]*>/g, ' ')
		.replaceAll(/[*_`"'\\]/g, ' ');
}

/**
A number as it is written, with what stands around it, as a confidence: undefined when it is about something else, null when it is no confidence.
*/
function toConfidence(
	written: string,
	before: string,
	after: string,
): number | null | undefined {
	const isWhole = /^\d+$/.test(written);
	const isGlued =
		/[\p{L}\d_][-–]?$/u.test(before) ||
		(isWhole ? /^[.,]?[\p{L}_]/u : /^[\p{L}_]/u).test(after);

	if (isGlued) {
		return undefined;
	}

	const isNegative = /[-−–]$/.test(before);
	const isRange =
		/^\s*(?:[%％]\s*)?(?:[-–—−~…]|\.{2,}|(?:to|or|and)\b)\s*[.,]?\d/i.test(
			after,
		);
	const isListMarker =
		isWhole && /\n[^\S\n]*$/.test(before) && /^[.)]\s+\S/.test(after);

	if (
		isNegative ||
		isRange ||
		isListMarker ||
		!/^(?:\d+(?:[.,]\d+)?|[.,]\d+)$/.test(written)
	) {
		return null;
	}

	const value = Number(written.replace(',', '.'));
	const share = /^\s*(?:\/|out of\b|of\b)\s*(\d+)/i.exec(after);

	if (share?.[1] === '10' || share?.[1] === '100') {
		return inRange(value / Number(share[1]));
	}

	if (share) {
		return share[0].includes('/') ? null : undefined;
	}

	if (/^\s*(?:[%％]|per ?cent\b)/i.test(after)) {
		return inRange(value / 100);
	}

	return isWhole && /^[^\S\n]+\p{L}/u.test(after)
		? undefined
		: inRange(value < 2 ? value : value / 100);
}

function inRange(value: number): number | null {
	return value >= 0 && value <= 1 ? value : null;
}

function readStatement(statement: string): number | null {
	for (const match of statement.matchAll(/[.,]?\d[\d.,]*/g)) {
		const written = match[0].replace(/(?<=\d)[.,]$/, '');
		const end = match.index + written.length;
		const confidence = toConfidence(
			written,
			statement.slice(0, match.index),
			statement.slice(end),
		);

		if (confidence !== undefined) {
			return confidence;
		}
	}

	return null;
}

/**
The confidence that the content of a `confidence` section states, 0 to 1; null when it states none. Of nested sections the last that states one counts.
*/
export function readConfidence(content: string): number | null {
	const parts = content.split(/<\/?confidence(?:[\s/][^<>]{0,200})?>/i);
	return parts.reduce<number | null>(
		(last, part) => readStatement(withoutMarkup(part)) ?? last,
		null,
	);
}

function readAfterKeyword(text: string): number | null {
	const line = text.split('\n', 1)[0] ?? '';

	if (/^\s*intervals?\b/i.test(line)) {
		return null;
	}

	if (!/[\p{L}\p{N}]/u.test(line)) {
		const next = /^[^\p{L}\p{N}]*\d[^\n]*/u.exec(text);
		return next ? readStatement(withoutMarkup(next[0])) : null;
	}

	const clause = line
		.replace(/^([^([\d]*)[([][^()[\]]*[)\]](?=[\s*_]*[:=])/, '$1')
		.split(/[.!?]\s|[,;}]\s*["']?[\p{L}_]+["']?\s*[:=]/u, 1)[0]!;
	return readStatement(withoutMarkup(clause.split('|').slice(0, 2).join(' ')));
}

/**
The confidence that an answer states, 0 to 1; null when it states none, which is not 0.

The last valid `confidence` tag counts, else the last number that prose outside of code states after the word. A percent sign, tenths and hundredths are read as such, and 2 to 100 as percent; what is negative, above 100, between 1 and 2 or a range is no confidence. Thinking is not read.

@example
```js
parseConfidence('It is Paris.\n<confidence>85%</confidence>'); // 0.85
parseConfidence('It is Paris.'); // null
```
*/
export function parseConfidence(text: string): number | null {
	const {sections, prose} = readSections(text, ['confidence']);

	for (const {content, isClosed} of mostTrusted(sections, 'confidence')) {
		const confidence = readConfidence(
			isClosed ? content : (content.trimStart().split('\n', 1)[0] ?? ''),
		);

		if (confidence !== null) {
			return confidence;
		}
	}

	const keyword =
		/(?<![\p{L}\p{N}_])confidence(?:[ _-]?(?:level|score|rating))?(?![\p{L}\p{N}_])/giu;
	let last: number | null = null;

	for (const {index, 0: word} of prose.matchAll(keyword)) {
		const start = index + word.length;
		const rest = prose.slice(start, start + window);
		// A number that the window cuts would be read as another one.
		const whole = rest.length < window ? rest : rest.replace(/\S{1,30}$/, '');
		last = readAfterKeyword(whole) ?? last;
	}

	return last;
}
