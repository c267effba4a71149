import {createMarks, shownWhole, type Marks} from './stream-marks.js';

/**
What a member is asked to end with, for the arbiter and the strategy to read: its answer in a line, and its confidence.
*/
const names = ['final', 'confidence'] as const;

/**
Shows these marks as a person should see them while a text streams: `<final>42</final>` as `→ 42`, and the confidence, which has a bar of its own, not at all.
*/
export function createMemberMarks(): Marks {
	return createMarks({
		whole: /^<(final|confidence)>([^<\n]*)<\/\1>/i,
		shown: mark =>
			mark[1]!.toLowerCase() === 'final' ? `→ ${mark[2]!.trim()}` : '',
		mayBecome,
	});
}

/**
The same for a whole text.
*/
export function markedText(text: string): string {
	return shownWhole(createMemberMarks(), text);
}

function mayBecome(text: string): boolean {
	return names.some(name => {
		const open = `<${name}>`;
		const start = text.toLowerCase();

		return start.length < open.length
			? open.startsWith(start)
			: start.startsWith(open) &&
					!text.includes('\n') &&
					isOpenEnd(start, name);
	});
}

const isOpenEnd = (text: string, name: string) => {
	const close = text.indexOf('<', 1);
	return close === -1 || `</${name}>`.startsWith(text.slice(close));
};
