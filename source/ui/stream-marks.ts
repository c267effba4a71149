/**
Shows the marks in a text that streams in other words.
*/
export type Marks = {
	readonly push: (piece: string) => string;

	/**
	The text is over: what was held back.
	*/
	readonly end: () => string;
};

export type MarkRules = {
	/**
	A whole mark at the beginning of a text.
	*/
	readonly whole: RegExp;
	readonly shown: (mark: RegExpExecArray) => string;

	/**
	Whether a text that begins with `<` is the beginning of a mark.
	*/
	readonly mayBecome: (text: string) => boolean;
};

/**
A mark that is longer than this, in characters, is not what was asked for, and is shown as it is.
*/
const longest = 400;

/**
Time is linear: what may become a mark is held back, at most so much.
*/
export function createMarks({whole, shown, mayBecome}: MarkRules): Marks {
	let held = '';

	return {
		push(piece) {
			const text = held + piece;
			let ready = '';
			let from = 0;

			for (;;) {
				const start = text.indexOf('<', from);

				if (start === -1) {
					held = '';
					return ready + text.slice(from);
				}

				ready += text.slice(from, start);
				const rest = text.slice(start, start + longest);
				const mark = whole.exec(rest);

				if (mark) {
					ready += shown(mark);
					from = start + mark[0].length;
				} else if (rest.length < longest && mayBecome(rest)) {
					held = rest;
					return ready;
				} else {
					ready += '<';
					from = start + 1;
				}
			}
		},
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
export function shownWhole(marks: Marks, text: string): string {
	return marks.push(text) + marks.end();
}
