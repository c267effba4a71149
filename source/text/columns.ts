import truncate from 'cli-truncate';
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/**
How many columns of a terminal a line takes.
*/
export function columnsOf(line: string): number {
	return /^[ -~]*$/.test(line) ? line.length : stringWidth(line);
}

/**
A line of at most `width` columns, with an ellipsis where it was cut; `Infinity` cuts nothing.
*/
export function cut(line: string, width: number): string {
	// What is as long as it is wide needs no look at each of its characters.
	if (/^[ -~]*$/.test(line)) {
		return line.length <= width
			? line
			: width < 1
				? ''
				: `${line.slice(0, width - 1)}…`;
	}

	return Number.isFinite(width) ? truncate(line, width) : line;
}

/**
The end of a line in at most `width` columns, with an ellipsis where it was cut.
*/
export function cutAtStart(line: string, width: number): string {
	return truncate(line, width, {position: 'start'});
}

/**
The text with lines of at most `width` columns, broken between words where there are any. What continues an indented line is indented like it, where that leaves room.
*/
export function wrapped(text: string, width: number): string[] {
	return text
		.replaceAll('\t', '    ')
		.split('\n')
		.flatMap(line => {
			const indent = /^ */.exec(line)![0];
			const room = width - indent.length;

			return room > 1
				? wrapAnsi(line.trim(), room, {hard: true})
						.split('\n')
						.map(each => `${indent}${each}`.trimEnd())
				: wrapAnsi(line.trim(), width, {hard: true}).split('\n');
		});
}
