/**
What a member is asked to end with, for the arbiter and the strategy to read: its answer in a line, and its confidence.
*/
const names = ['final', 'confidence'] as const;

/**
A line that is longer than this is not what was asked for, and is shown as it is.
*/
const longestLine = 400;

const whole = /^<(final|confidence)>([^<\n]*)<\/\1>/i;

/**
Shows these marks as a person should see them while a text streams: `<final>42</final>` as `→ 42`, and the confidence, which has a bar of its own, not at all. Time is linear: what may become a mark is held back, at most so much.
*/
export function createMemberMarks(): {
	readonly push: (piece: string) => string;

	/**
	The text is over: what was held back.
	*/
	readonly end: () => string;
} {
	let held = '';

	const push = (piece: string) => {
		const text = held + piece;
		let shown = '';
		let from = 0;

		for (;;) {
			const start = text.indexOf('<', from);

			if (start === -1) {
				held = '';
				return shown + text.slice(from);
			}

			shown += text.slice(from, start);
			const rest = text.slice(start, start + longestLine);
			const mark = whole.exec(rest);

			if (mark) {
				shown +=
					mark[1]!.toLowerCase() === 'final' ? `→ ${mark[2]!.trim()}` : '';
				from = start + mark[0].length;
			} else if (rest.length < longestLine && mayBecomeMark(rest)) {
				held = rest;
				return shown;
			} else {
				shown += '<';
				from = start + 1;
			}
		}
	};

	return {
		push,
		end() {
			const rest = held;
			held = '';
			return rest;
		},
	};
}

/**
The same for a whole text.
*/
export function markedText(text: string): string {
	const marks = createMemberMarks();
	return marks.push(text) + marks.end();
}

/**
Whether a text that begins with `<` is the beginning of a mark.
*/
function mayBecomeMark(text: string): boolean {
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
