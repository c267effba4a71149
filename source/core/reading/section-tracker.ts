import {type FenceMark, type Tag, type Token} from './tokens.js';

const thinkingNames: ReadonlySet<string> = new Set(['think', 'thinking']);

type Fence = FenceMark & {readonly depth: number};

type OpenSection = {
	readonly name: string;
	readonly attributes: string;
	readonly start: number;
	depth: number;
	fence: Fence | null;

	/**
	The closing tag that was taken for text and, should no better one come, was the one: the first in a fence, and before that the last of a nested pair.
	*/
	doubt: {at: number; end: number; isFenced: boolean} | null;

	/**
	Where the next section would begin if this one turns out to be unclosed.
	*/
	boundary: number | null;
};

/**
What to make of a code fence outside of sections. `wrapper`: look through one that begins the text. `code`: none is looked through. `ignored`: all are.
*/
export type Fences = 'wrapper' | 'code' | 'ignored';

type Span = {readonly start: number; readonly end: number};

function afterFence(fence: Fence | null, token: FenceMark): Fence | null {
	if (!fence) {
		return {...token, depth: 1};
	}

	if (token.mark !== fence.mark || token.length < fence.length) {
		return fence;
	}

	const depth = fence.depth + (token.isBare ? -1 : 1);
	return depth === 0 ? null : {...fence, depth};
}

/**
Take a closing tag in code, or of a nested pair, for text until the section has a better end.
*/
function doubt(open: OpenSection, {start, end}: Tag): void {
	const isFenced = open.fence !== null;
	open.depth -= isFenced ? 0 : 1;

	if (!open.doubt?.isFenced) {
		open.doubt = {at: start, end, isFenced};
	}
}

type SectionSpan = Span & {
	readonly name: string;
	readonly attributes: string;
	readonly isClosed: boolean;

	/**
	It could not be told for certain where it ends.
	*/
	readonly isDoubtful: boolean;
};

/**
Follows which section a text is in, token by token; it knows positions, not text.
*/
export class SectionTracker {
	/**
	What the tokenizer has to look for.
	*/
	readonly names: readonly string[];
	open: OpenSection | null = null;
	sections: SectionSpan[] = [];

	/**
	What is outside of sections and thinking.
	*/
	outside: Array<Span & {readonly isCode: boolean}> = [];
	wrapperEnd: number | null = null;
	readonly #fences: Fences;
	#isThinking = false;
	#fence: Fence | null = null;
	#wrapper: Fence | null = null;
	#hasText = false;
	#from = 0;

	/**
	Nothing further on is nested or in a fence: an earlier assumption of that kind did not work out.
	*/
	#isPlain = false;
	readonly #unclosed = new Set<string>();

	constructor(names: readonly string[], fences: Fences = 'wrapper') {
		this.names = [...names, ...thinkingNames];
		this.#fences = fences;
	}

	/**
	Take the plain text before the next token: all that matters of it is whether it is more than white space.
	*/
	skip(text: string): void {
		if (this.#isThinking || text.trim() === '') {
			return;
		}

		if (!this.open) {
			this.#hasText = true;
		} else if (!this.open.fence && this.open.doubt?.isFenced) {
			// The section goes on behind the code, so what stood in the code was a sample.
			this.open.doubt = null;
		}
	}

	step(token: Token): void {
		if (this.#isThinking) {
			if (
				token.type === 'tag' &&
				token.isClosing &&
				thinkingNames.has(token.name)
			) {
				this.#isThinking = false;
				this.#from = token.end;
			}
		} else if (this.open) {
			this.#stepInside(this.open, token);
		} else if (token.type === 'fence') {
			this.#stepFence(token);
		} else if (!this.#fence) {
			this.#stepTag(token);
		}
	}

	/**
	The text ended at `length`. Returns where to read on, when an end that never came means that something was not what it seemed; null when all is read.
	*/
	finish(length: number): number | null {
		const {open} = this;

		if (open?.doubt) {
			this.#isPlain = true;
			this.#close(open, open.doubt, {isClosed: true, isDoubtful: true});
			return open.doubt.end;
		}

		if (open?.fence) {
			const {end} = open.fence;
			open.fence = null;
			this.#isPlain = true;
			return end;
		}

		if (open) {
			const end = open.boundary ?? length;
			this.#unclosed.add(open.name);
			this.#close(open, {at: end, end}, {isClosed: false});
			return open.boundary;
		}

		if (this.#fence) {
			const {start, end} = this.#fence;
			this.#fence = null;
			this.#from = start;
			this.#isPlain = true;
			return end;
		}

		if (!this.#isThinking) {
			this.#show(length);
		}

		return null;
	}

	#stepTag(token: Tag): void {
		if (thinkingNames.has(token.name)) {
			this.#show(token.start);
			this.#from = token.end;
			this.#isThinking = !token.isClosing && !token.isEmpty;

			if (token.isClosing) {
				// Some servers put the opening tag into the prompt, so that only the closing one arrives.
				this.sections = [];
				this.outside = [];
				this.#hasText = false;
			}
		} else if (!token.isClosing) {
			this.#show(token.start);
			this.#hasText = true;
			const open = {
				name: token.name,
				attributes: token.attributes,
				start: token.end,
				depth: 1,
				fence: null,
				doubt: null,
				boundary: null,
			};
			this.open = open;

			if (token.isEmpty) {
				this.#close(open, {at: token.end, end: token.end}, {isClosed: true});
			}
		}
	}

	#stepFence(token: FenceMark): void {
		if (
			this.#isPlain ||
			this.#fences === 'ignored' ||
			this.#stepWrapper(token)
		) {
			return;
		}

		const wasCode = this.#fence !== null;
		this.#fence = afterFence(this.#fence, token);

		if (wasCode !== (this.#fence !== null)) {
			this.#show(wasCode ? token.end : token.start, wasCode);
			this.#from = wasCode ? token.end : token.start;
		}
	}

	#stepWrapper(token: FenceMark): boolean {
		const mayWrap = this.#fences === 'wrapper' && !this.#hasText;

		if (this.#fence !== null || (this.#wrapper === null && !mayWrap)) {
			return false;
		}

		const wrapper = afterFence(this.#wrapper, token);

		if (wrapper === this.#wrapper || (wrapper?.depth ?? 0) > 1) {
			return false;
		}

		this.#show(token.start);
		this.#from = token.start;
		this.#show(token.end, true);
		this.#from = token.end;
		this.#wrapper = wrapper;
		this.#hasText = true;
		this.wrapperEnd = wrapper ? null : token.end;
		return true;
	}

	#stepInside(open: OpenSection, token: Token): void {
		if (token.type === 'fence') {
			if (!this.#isPlain) {
				open.fence = afterFence(open.fence, token);
			}
		} else if (this.#unclosed.has(open.name)) {
			if (!token.isClosing && !thinkingNames.has(token.name)) {
				this.#close(
					open,
					{at: token.start, end: token.start},
					{isClosed: false},
				);
				this.#stepTag(token);
			}
		} else if (token.name !== open.name) {
			if (!open.fence && !token.isClosing && !thinkingNames.has(token.name)) {
				open.boundary ??= token.start;
			}
		} else if (!token.isClosing) {
			if (!open.fence && !token.isEmpty) {
				open.boundary ??= token.start;
				open.depth++;
			}
		} else if (!this.#isPlain && (open.fence !== null || open.depth > 1)) {
			doubt(open, token);
		} else {
			this.#close(open, {at: token.start, end: token.end}, {isClosed: true});
		}
	}

	#close(
		open: OpenSection,
		{at, end}: {at: number; end: number},
		{isClosed, isDoubtful = false}: {isClosed: boolean; isDoubtful?: boolean},
	) {
		const {name, attributes, start} = open;
		this.sections.push({
			name,
			attributes,
			start,
			end: at,
			isClosed,
			isDoubtful,
		});
		this.open = null;
		this.#from = end;
	}

	#show(end: number, isCode = false): void {
		this.outside.push({start: this.#from, end, isCode});
	}
}
