import {type Fences, SectionTracker} from './section-tracker.js';
import {longestMark, nextToken, plainName} from './tokens.js';

export type Section = {
	readonly name: string;
	readonly attributes: string;
	readonly content: string;
	readonly isClosed: boolean;
	readonly isDoubtful: boolean;
};

function withoutBrokenTag(content: string, name: string): string {
	const start = content.lastIndexOf('<');
	const isBroken =
		start !== -1 &&
		content.length - start < longestMark &&
		`</${name}>`.startsWith(plainName(content.slice(start)));
	return isBroken ? content.slice(0, start) : content;
}

/**
The top-level sections of a text in their order; `names` as `plainName` gives them. The work grows with the length of the text, whatever a hostile one does.

Thinking is hidden, a code fence around everything is looked through, and tags in any other fence are code. What is inside a section belongs to it, other tags included: it is closed by its own closing tag outside of code and of a nested pair. An unclosed section ends where the next begins.

`visible` is the text without thinking and sections; `prose` is without code as well.
*/
export function readSections(
	text: string,
	names: readonly string[],
	fences: Fences = 'wrapper',
): {sections: Section[]; visible: string; prose: string} {
	const tracker = new SectionTracker(names, fences);

	for (let at: number | null = 0; at !== null;) {
		const token = nextToken(text, at, {names: tracker.names, isPartial: false});
		tracker.skip(text.slice(at, token.start));

		if (token.type === 'end') {
			at = tracker.finish(text.length);
		} else {
			tracker.step(token);
			at = token.end;
		}
	}

	const {sections, outside, wrapperEnd} = tracker;

	if (
		wrapperEnd !== null &&
		sections.length === 0 &&
		text.slice(wrapperEnd).trim() !== ''
	) {
		// eslint-disable-next-line unicorn/no-useless-recursion -- It is read once more at most.
		return readSections(text, names, 'code');
	}

	return {
		sections: sections.map(({start, end, ...section}) => {
			const content = text.slice(start, end);
			return {
				...section,
				content: section.isClosed
					? content
					: withoutBrokenTag(content, section.name),
			};
		}),
		visible: outside.map(({start, end}) => text.slice(start, end)).join(''),
		prose: outside
			.filter(({isCode}) => !isCode)
			.map(({start, end}) => text.slice(start, end))
			.join('\n'),
	};
}

/**
Contents in order of trust: closed sections before unclosed ones, the last before earlier ones.
*/
export function mostTrusted(
	sections: readonly Section[],
	name: string,
): Section[] {
	const named = sections.filter(section => section.name === name).toReversed();
	return [
		...named.filter(section => section.isClosed),
		...named.filter(section => !section.isClosed),
	];
}
