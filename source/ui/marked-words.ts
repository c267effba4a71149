import {type TranscriptSpan} from './transcript.js';

/**
A line in which the words that were looked for are seen, with or without colours; it is as wide as before. `words` match in a text in form NFD.
*/
export function markedWords(
	line: readonly TranscriptSpan[],
	words: readonly RegExp[],
): readonly TranscriptSpan[] {
	const spans = line.map(span => ({...span, text: span.text.normalize('NFD')}));
	const text = spans.map(span => span.text).join('');
	const matches = words.flatMap(word =>
		text.matchAll(new RegExp(word, 'giu')).toArray(),
	);

	if (matches.length === 0) {
		return line;
	}

	const borders = matches.flatMap(({0: match, index}) => [
		index,
		index + match.length,
	]);
	const isMarked = (at: number) =>
		matches.some(
			({0: match, index}) => at >= index && at < index + match.length,
		);
	let start = 0;

	return spans.flatMap(span => {
		const from = start;
		start += span.text.length;
		const cuts = borders.filter(at => at > from && at < start);
		const places = [...new Set([from, ...cuts, start])].toSorted(
			(left, right) => left - right,
		);
		return places.slice(0, -1).map((at, index): TranscriptSpan => ({
			...span,
			text: text.slice(at, places[index + 1]).normalize('NFC'),
			...(isMarked(at) && {tone: 'selected'}),
		}));
	});
}

/**
The first of some lines in which most of the words are; -1 when none of them is in any.
*/
export function lineWith(
	lines: readonly string[],
	words: readonly RegExp[],
): number {
	const counts = lines.map(line => {
		const text = line.normalize('NFD');
		return words.filter(word => word.test(text)).length;
	});
	const most = counts.reduce((left, right) => Math.max(left, right), 0);
	return most === 0 ? -1 : counts.indexOf(most);
}
