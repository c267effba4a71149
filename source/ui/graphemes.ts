const graphemes = new Intl.Segmenter('en', {granularity: 'grapheme'});
const words = new Intl.Segmenter('en', {granularity: 'word'});

/**
What a person takes for characters: an emoji of five code points is one.
*/
export function graphemesOf(text: string): string[] {
	return Array.from(graphemes.segment(text), ({segment}) => segment);
}

/**
The start of the line that holds the offset `at`, and its end, where the line feed is. No grapheme reaches over a line feed.
*/
export function lineAround(
	text: string,
	at: number,
): {start: number; end: number} {
	const start = at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
	const end = text.indexOf('\n', at);
	return {start, end: end === -1 ? text.length : end};
}

/**
The offset one grapheme to the left.
*/
export function leftOf(text: string, at: number): number {
	const {start} = lineAround(text, at);
	return at === start
		? Math.max(at - 1, 0)
		: start +
				graphemes.segment(text.slice(start, at)).containing(at - start - 1)!
					.index;
}

/**
The offset one grapheme to the right.
*/
export function rightOf(text: string, at: number): number {
	const {end} = lineAround(text, at);
	return at === end
		? Math.min(at + 1, text.length)
		: at + graphemes.segment(text.slice(at, end)).containing(0)!.segment.length;
}

/**
The same offset, or the end of the grapheme it is inside of.
*/
export function snapped(text: string, at: number): number {
	const {start, end} = lineAround(text, at);

	if (at === start || at === end) {
		return at;
	}

	const {index, segment} = graphemes
		.segment(text.slice(start, end))
		.containing(at - start)!;
	return start + index === at ? at : start + index + segment.length;
}

/**
Where the word begins that `at` is inside of or right behind.
*/
export function wordStart(text: string, at: number): number {
	return wordsOf(text.slice(0, at)).at(-1)?.start ?? 0;
}

/**
Where the word ends that `at` is inside of or before.
*/
export function wordEnd(text: string, at: number): number {
	const word = wordsOf(text.slice(at))[0];
	return word ? at + word.end : text.length;
}

// What is neither a word of a language nor punctuation, a sign or space stands for something, and is a word as well.
const wordsOf = (text: string) =>
	Array.from(words.segment(text), ({segment, index, isWordLike}) => ({
		isWord: isWordLike === true || !/^[\p{P}\p{S}\s]/u.test(segment),
		start: index,
		end: index + segment.length,
	})).filter(({isWord}) => isWord);
