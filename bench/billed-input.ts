import {type MemoryMode} from '../source/core/consortium.js';

/**
The lengths that the input of a run is made of, in characters, and how often they come.
*/
export type Lengths = {
	readonly members: number;
	readonly iterations: number;
	readonly question: number;
	readonly answer: number;
	readonly synthesis: number;

	/**
	The points that are still open, as a list; and what some dissent in.
	*/
	readonly open: number;
	readonly dissent: number;

	/**
	The members' system prompt, and the words around what is told by feedback and with a follow-up.
	*/
	readonly memberSystem: number;
	readonly feedback: number;
	readonly followUp: number;

	/**
	The arbiter's system prompt, and the words around the question, around a settled turn, around all answers, and around each.
	*/
	readonly arbiterSystem: number;
	readonly arbiterQuestion: number;
	readonly settledTurn: number;
	readonly arbiterAnswers: number;
	readonly fence: number;

	/**
	What an arbiter is told of earlier iterations: the words around the synthesis and the open points, and a line for each.
	*/
	readonly progress: number;
	readonly line: number;
};

/**
What a character costs that is read from the cache, or written to it, where one that is neither costs 1. Without a cache all of them do. With `isForeseen`, what was said last is written too, for the follow-up.
*/
export type CacheTerms = {
	readonly read: number;
	readonly write: number;
	readonly isForeseen: boolean;
};

export type Billed = {readonly members: number; readonly arbiter: number};

/**
The input that the members and the arbiter are billed for, in equivalents of uncached characters: the iterations of a first question, which no verdict ends early, and one iteration of a follow-up.

Members: in `reply` memory each request is the one before it, the answer, and the feedback; in `lean` memory the prefix is the question, and the feedback comes behind it; in `rebuild` memory everything is sent anew. Arbiter: the question is its prefix, and it is told a small state instead of what was said before.
*/
export function billedInput(
	memory: MemoryMode,
	lengths: Lengths,
	terms: CacheTerms,
): {readonly first: Billed; readonly followUp: Billed} {
	const member = memberInput[memory](lengths, terms);
	const arbiter = arbiterInput(lengths, terms);

	return {
		first: {members: lengths.members * member.first, arbiter: arbiter.first},
		followUp: {
			members: lengths.members * member.followUp,
			arbiter: arbiter.followUp,
		},
	};
}

type Input = {readonly first: number; readonly followUp: number};

const told = ({feedback, synthesis, open, dissent}: Lengths) =>
	feedback + synthesis + open + dissent;

const asked = ({followUp, synthesis, question}: Lengths) =>
	followUp + synthesis + question;

const memberInput: Readonly<
	Record<MemoryMode, (lengths: Lengths, terms: CacheTerms) => Input>
> = {
	reply(lengths, {read, write, isForeseen}) {
		const {memberSystem, question, answer, iterations} = lengths;
		const last = isForeseen ? write : 1;
		const added = answer + told(lengths);
		let prefix = memberSystem + question;
		let first = write * prefix;

		for (let iteration = 2; iteration <= iterations; iteration++) {
			const price = iteration < iterations ? write : last;
			first += read * prefix + price * added;
			prefix += added;
		}

		const kept = isForeseen ? prefix : prefix - added;

		return {
			first,
			followUp: read * kept + last * (prefix - kept + answer + asked(lengths)),
		};
	},

	lean(lengths, {read, write, isForeseen}) {
		const {memberSystem, question, answer, iterations} = lengths;
		const prefix = memberSystem + question;

		return {
			first:
				write * prefix + (iterations - 1) * (read * prefix + told(lengths)),
			followUp:
				read * prefix +
				(isForeseen ? write : 1) * (told(lengths) + answer + asked(lengths)),
		};
	},

	rebuild(lengths) {
		const {memberSystem, question, answer, iterations} = lengths;
		const prefix = memberSystem + question;

		return {
			first: iterations * prefix + (iterations - 1) * told(lengths),
			followUp: prefix + told(lengths) + answer + asked(lengths),
		};
	},
};

function arbiterInput(lengths: Lengths, {read, write}: CacheTerms): Input {
	const {arbiterSystem, arbiterQuestion, question, iterations} = lengths;
	const {members, answer, fence, arbiterAnswers} = lengths;
	const {progress, synthesis, open, line, settledTurn} = lengths;
	const prefix = arbiterSystem + arbiterQuestion + question;
	const answers = arbiterAnswers + members * (fence + answer);
	const repeats = iterations - 1;
	const states =
		repeats * (progress + synthesis + open) +
		line * ((iterations * repeats) / 2);

	return {
		first: (write + repeats * read) * prefix + iterations * answers + states,
		followUp: prefix + settledTurn + question + synthesis + answers,
	};
}
