import {canonicalFinal, folded} from './canonical.js';
import {mostTrusted, readSections} from './sections.js';

/**
The one-line answer that a member gave: its last `final` section (or `answer`), else what prose outside of code marks as the result; null when there is none. Thinking is not read. Of a text that was cut off only a closed section is read, since half a value is another one.
*/
export function parseFinal(text: string, isCut = false): string | null {
	for (const name of ['final', 'answer']) {
		const {sections} = readSections(text, [name, 'confidence']);

		for (const {content, isClosed} of mostTrusted(sections, name)) {
			if (isCut && !isClosed) {
				continue;
			}

			const line = isClosed ? content : content.trimStart().split('\n', 1)[0];
			const final = folded(line ?? '');

			if (final !== '') {
				return final;
			}
		}
	}

	if (isCut) {
		return null;
	}

	const {prose} = readSections(text, ['confidence']);
	return boxed(prose) ?? afterHashes(prose) ?? afterAnnouncement(prose);
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
			index === lines.length - 1 || canonicalFinal(content).startsWith('num:');

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
An answer without the closing lines a member was asked for and the thinking some models begin with, for a person to read; the final line alone when there is nothing else.
*/
export function withoutClosing(whole: string): string {
	const text = whole.replace(/^\s*<(think(?:ing)?)>[^]*?<\/\1>/i, '');
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
An answer that is given in the place of all others: without its closing lines, but with the final one where nothing else says it.
*/
export function standingAlone(text: string): string {
	const answer = withoutClosing(text);
	const final = parseFinal(text);

	return final === null || hasWords(folded(answer), final)
		? answer
		: `${answer}\n\n${final}`;
}

/**
Whether these words stand in a text, and not as a part of others.
*/
function hasWords(text: string, words: string): boolean {
	return text
		.split(words)
		.some(
			(before, index, parts) =>
				index < parts.length - 1 &&
				!/[\p{L}\p{N}]$/u.test(before) &&
				!/^[\p{L}\p{N}]/u.test(parts[index + 1]!),
		);
}

/**
Closing lines are short; what is longer is part of the answer.
*/
const longestClosing = 1000;
