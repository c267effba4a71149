const wide =
	/[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\p{Emoji_Presentation}]/u;
const graphemes = new Intl.Segmenter();

const segmentsOf = (text: string) =>
	Array.from(graphemes.segment(text), ({segment}) => segment);

const columnsOfOne = (grapheme: string) =>
	/^[\p{M}\p{Cf}]+$/u.test(grapheme) ? 0 : wide.test(grapheme) ? 2 : 1;

/**
How many columns of a terminal a line takes.
*/
export function columnsOf(line: string): number {
	return /^[ -~]*$/.test(line)
		? line.length
		: segmentsOf(line).reduce((sum, each) => sum + columnsOfOne(each), 0);
}

/**
A line of at most `width` columns, with an ellipsis where it was cut.
*/
export function cut(line: string, width: number): string {
	if (columnsOf(line) <= width) {
		return line;
	}

	let kept = '';
	let left = width - 1;

	for (const grapheme of segmentsOf(line)) {
		left -= columnsOfOne(grapheme);

		if (left < 0) {
			break;
		}

		kept += grapheme;
	}

	return `${kept.trimEnd()}…`;
}

/**
The text with lines of at most `width` columns, broken between words where there are any.
*/
export function wrapped(text: string, width: number): string[] {
	return text.split('\n').flatMap(line => wrappedLine(line, width));
}

function wrappedLine(line: string, width: number): string[] {
	const lines: string[] = [];
	let current = '';
	let taken = 0;

	const add = (piece: string, columns: number) => {
		if (taken > 0 && taken + columns > width) {
			// An indent that leaves no room for a word is not a line.
			if (current.trim() !== '') {
				lines.push(current.trimEnd());
			}

			current = '';
			taken = 0;
		}

		current += piece;
		taken += columnsOf(piece);
	};

	for (const word of line.replaceAll('\t', '    ').split(/(?<=\s)(?=\S)/)) {
		const columns = columnsOf(word.trimEnd());

		if (columns > width) {
			for (const grapheme of segmentsOf(word)) {
				add(grapheme, columnsOfOne(grapheme));
			}
		} else {
			add(word, columns);
		}
	}

	return [...lines, current.trimEnd()];
}
