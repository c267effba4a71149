/**
An answer as an arbiter was shown it. Whoever wrote an answer may have put the beginning of another one into it, so that a text may go on in what looks like the next ones: `texts[0]` ends where the next begins, `texts[1]` after that, and so on.
*/
export type Shown = {
	readonly model: string | null;
	readonly instance: number | null;
	readonly texts: readonly string[];
};

export type ShownIteration = {
	readonly answers: readonly Shown[];
	readonly synthesis: string | null;
};

/**
What the prompt of an arbiter tells of its run.
*/
export type ArbiterPrompt = {
	readonly question: string;
	readonly answers: readonly Shown[];

	/**
	The iterations before, the oldest first.
	*/
	readonly history: readonly ShownIteration[];
};

/**
Answers are looked at as one with at most this many that seem to follow.
*/
const joined = 4;

/**
Nobody asks more instances than this; a prompt that shows more is not worth its time.
*/
const maxShown = 1000;

const block = /^\s*<[a-z_]{0,30}(?:arbiter|rank|pick)[a-z_]{0,30}prompt\b/i;

/**
Whether a prompt is in the form of an arbiter's.
*/
export function isArbiterPrompt(prompt: string): boolean {
	return block.test(prompt) && prompt.includes('<original_prompt>');
}

/**
Read the prompt of an arbiter as any version of the plug-in wrote it; null for other prompts. It is not XML: what people and models wrote stands in it as it is.
*/
export function readArbiterPrompt(prompt: string): ArbiterPrompt | null {
	if (!isArbiterPrompt(prompt)) {
		return null;
	}

	const {question, end} = readQuestion(prompt);
	const rest = prompt.slice(end);
	const opening = rest.indexOf('<model_responses>');
	const history = lastIndex(rest, /<\/model_responses>\s*<iteration_history>/g);
	const shown =
		opening === -1
			? ''
			: rest.slice(
					opening,
					history ?? orEnd(rest, rest.lastIndexOf('</model_responses>')),
				);

	return {
		question,
		answers: readShown(shown),
		history: history === null ? [] : readHistory(rest.slice(history)),
	};
}

const orEnd = (text: string, index: number) =>
	index === -1 ? text.length : index;

/**
A question may hold the whole prompt of another arbiter, when one consortium is the arbiter of another: what was opened in it is closed in it.
*/
function readQuestion(prompt: string): {question: string; end: number} {
	const start =
		prompt.indexOf('<original_prompt>') + '<original_prompt>'.length;
	let depth = 1;

	for (const tag of prompt.slice(start).matchAll(/<(\/?)original_prompt>/g)) {
		depth += tag[1] === '' ? 1 : -1;

		if (depth === 0) {
			const end = start + tag.index;
			return {question: prompt.slice(start, end), end};
		}
	}

	const end = orEnd(prompt, prompt.indexOf('<model_responses>', start));
	return {
		question: prompt.slice(start, end).replace(/<\/original_prompt>\s*$/, ''),
		end,
	};
}

function lastIndex(text: string, pattern: RegExp): number | null {
	let last: number | null = null;

	for (const {index} of text.matchAll(pattern)) {
		last = index;
	}

	return last;
}

type Format = {
	/**
	How an answer begins; it captures the model's name and the instance.
	*/
	readonly header: RegExp;

	/**
	The text of an answer out of all there is up to the next header.
	*/
	readonly content: (text: string) => string;
};

const field = (name: string) =>
	String.raw`(?:<${name}>[^<]{0,300}<\/${name}>\s*)?`;
const captured = (name: string) =>
	String.raw`(?:<${name}>([^<]{0,300})<\/${name}>\s*)?`;

const inTags: Format = {
	header: new RegExp(
		String.raw`<model_response>\s*${field('id')}${captured('model')}${field('id')}${captured('instance')}${field('confidence')}<response>`,
		'g',
	),
	content: text => upTo(text, '</response>'),
};

// Its line breaks were sent as a backslash and an n.
const withHeadings: Format = {
	header: /--- RESPONSE \S{1,60} \(Model: ([^\n]{0,300}?)\) ---(?:\\n|\r?\n)/g,
	content: text => text.replace(/(?:\\n){1,2}\s*$/, ''),
};

const withNames: Format = {
	header: /<model_response>(?!\s*<)([^\n]{1,300}?): /g,
	content: text => upTo(text, '</model_response>'),
};

function upTo(text: string, closing: string): string {
	return text.slice(0, orEnd(text, text.lastIndexOf(closing)));
}

function between(
	text: string,
	opening: string,
	closing: string,
): string | null {
	const start = text.indexOf(opening);
	const end = text.lastIndexOf(closing);
	return start === -1 || end < start
		? null
		: text.slice(start + opening.length, end).trim();
}

function readShown(text: string): Shown[] {
	// An answer may hold the headers of another format, but not before its own.
	const [format = inTags] = [inTags, withHeadings, withNames]
		.map(each => ({...each, at: orEnd(text, text.search(each.header))}))
		.toSorted((a, b) => a.at - b.at);
	return shownAs(text, format);
}

function shownAs(text: string, {header, content}: Format): Shown[] {
	const headers = text.matchAll(header).take(maxShown).toArray();

	return headers.map(({index, 0: {length}, 1: model, 2: instance}, nth) => ({
		model: model === undefined || model.trim() === '' ? null : model.trim(),
		instance:
			instance && /^\s*\d{1,6}\s*$/.test(instance) ? Number(instance) : null,
		texts: [
			...headers.slice(nth + 1, nth + joined).map(next => next.index),
			headers[nth + joined]?.index ?? text.length,
		].map(end => content(text.slice(index + length, end)).trim()),
	}));
}

function readHistory(text: string): ShownIteration[] {
	const numbered = parts(text, /<iteration_number>/g);

	if (numbered.length > 0) {
		return numbered.map(part => ({
			answers: readShown(upTo(part, '</model_responses>')),
			synthesis: between(part, '<synthesis>', '</synthesis>'),
		}));
	}

	return parts(text, /Iteration \d{1,4} synthesis:(?:\\n|\r?\n)/g).map(
		part => ({
			answers: [],
			synthesis: upTo(part, '</iteration_history>')
				.trimEnd()
				.replace(/(?:\\n){1,2}\s*$/, '')
				.trim(),
		}),
	);
}

/**
What stands behind each place of a pattern, up to the next.
*/
function parts(text: string, pattern: RegExp): string[] {
	const found = text.matchAll(pattern).take(maxShown).toArray();
	return found.map(({index, 0: {length}}, nth) =>
		text.slice(index + length, found[nth + 1]?.index),
	);
}
