import {type Brief} from './brief.js';
import {type Instance, type SavedConsortium} from './consortium.js';
import {type MemberAsk} from './asking.js';
import {type ObservationRequest} from './observation.js';
import {
	readParameters,
	type Parameter,
	type Parameters,
	type ValuesOf,
} from './parameters.js';
import {type JudgeMethod, type VerdictResult} from './result.js';
import {type RunState} from './run-state.js';
import {type Templates} from './template.js';
import {type Thread} from './thread.js';

/**
Why a run ends. Only `converged` returns the verdict that ended it; after every other reason the most confident one is returned.
*/
export type StopKind = 'converged' | 'exhausted' | 'no-answers' | 'no-arbiter';

/**
What a strategy has to say about an instance, for a person: its tier, that it is an outlier. `mark` is a word, `text` a sentence.
*/
export type Mark = {
	readonly instance: string;
	readonly mark: string;
	readonly text: string;
};

/**
What stays true of an instance in the iterations that follow; every other mark is about its own.
*/
export const lastingMarks: ReadonlySet<string> = new Set([
	'role',
	'weight',
	'tier',
	'eliminated',
]);

/**
Someone who weighs the answers: an arbiter or, in a review, an instance. `verdict` is one that nobody is asked for, since it follows from what is there: a vote, or what several arbiters said taken together.
*/
export type Judge =
	| {
			readonly arbiter: string;
			readonly brief: Brief;
			readonly method: Exclude<JudgeMethod, 'panel' | 'vote'>;
	  }
	| {readonly verdict: VerdictResult};

/**
How long a step waits for those it asks: the rest are let go once `quorum` of them have answered and a grace has passed, `graceMs` or that share of the time it took so far, whichever is longer. With `isOneOfEach` nobody is let go while only they can answer for their provider. An instance that has not said a word after `hedgeMs` is asked a second time; who speaks first stays.
*/
export type Patience = {
	readonly quorum?: number;
	readonly graceMs?: number;
	readonly graceShare?: number;
	readonly isOneOfEach?: boolean;
	readonly hedgeMs?: number;
};

/**
What happens next. `reason` is a sentence for a person.

`ask`: these instances speak, together; before there is a verdict they join the iteration that goes on. `judge`: these weigh what is there. `observe`: something only the outside can tell is found out. `stop`: the run ends. `spared` are those that were not asked, and were to be without the strategy.
*/
export type Step = {
	readonly reason: string;
	readonly marks?: readonly Mark[];
	readonly spared?: readonly MemberAsk[];
} & (
	| {
			readonly type: 'ask';
			readonly ask: readonly MemberAsk[];
			readonly until?: Patience;
	  }
	| {readonly type: 'judge'; readonly judge: readonly Judge[]}
	| {readonly type: 'observe'; readonly observe: ObservationRequest}
	| {readonly type: 'stop'; readonly stop: StopKind}
);

/**
The picture of a run as one strategy lets another see it, with what an arbiter is to be told beside the answers: each note is a sentence, made of the labels under which it sees them. The answers of those who are `unheard` are not shown to it; they count like any other.
*/
export type View = RunState & {
	readonly notes?: readonly Note[];
	readonly unheard?: readonly string[];
};

/**
`labelOf` is null for an instance whose answer the arbiter does not see.
*/
export type Note = (
	labelOf: (instance: string) => string | null,
) => string | null;

/**
Chooses who speaks, who is heard, and when it ends: one pure function of the picture, asked again whenever nobody speaks. What was broken off with its run (a call that is open or cancelled) counts as not asked.
*/
export type Strategy = {
	readonly name: string;
	readonly next: (run: View) => Step;
};

/**
What a strategy is made from, beside its own parameters.
*/
export type StrategyContext = {
	readonly consortium: SavedConsortium;
	readonly instances: readonly Instance[];
	readonly templates: Templates;
	readonly thread: Thread;
};

export type StrategyParameter = Pick<
	Parameter<unknown>,
	'meaning' | 'default' | 'form' | 'choices'
> & {readonly name: string};

/**
What a strategy has a say in. Two that have a say in the same thing cannot be combined.
*/
export type Aspect =
	| 'who is asked'
	| 'roles'
	| 'patience'
	| 'who is heard'
	| 'the vote'
	| 'weights';

type Given = Readonly<Record<string, unknown>>;

/**
A strategy as it is listed and chosen by name.
*/
export type StrategyKind = {
	readonly name: string;
	readonly meaning: string;
	readonly parameters: readonly StrategyParameter[];
	readonly decides: readonly Aspect[];

	/**
	@throws UserError for parameters that are not allowed in any consortium.
	*/
	readonly read: (given: Given) => void;

	/**
	@throws UserError for parameters that are not allowed in this consortium.
	*/
	readonly check: (given: Given, consortium: SavedConsortium) => void;

	/**
	What it makes of the instances before anybody is asked; `seed` is that of the conversation, so that each keeps what it was given.
	*/
	readonly assign: (
		instances: readonly Instance[],
		about: {readonly seed: number; readonly given: Given},
	) => readonly Instance[];

	/**
	It around another strategy: it may change the picture that one sees and the step it takes, or take a step of its own.
	*/
	readonly wrap: (
		inner: Strategy,
		context: StrategyContext,
		given: Given,
	) => Strategy['next'];
};

/**
A strategy by what it does, with its parameters typed.
*/
export function defineStrategy<Known extends Parameters>({
	name,
	meaning,
	parameters,
	decides,
	check,
	assign,
	wrap,
}: {
	readonly name: string;
	readonly meaning: string;
	readonly parameters: Known;
	readonly decides: readonly Aspect[];
	readonly check?: (
		values: ValuesOf<Known>,
		consortium: SavedConsortium,
	) => void;
	readonly assign?: (
		instances: readonly Instance[],
		seed: number,
		values: ValuesOf<Known>,
	) => readonly Instance[];
	readonly wrap?: (
		inner: Strategy,
		context: StrategyContext,
		values: ValuesOf<Known>,
	) => Strategy['next'];
}): StrategyKind {
	const read = (given: Given) => readParameters(parameters, given, name);

	return {
		name,
		meaning,
		parameters: Object.entries(parameters).map(([each, parameter]) => ({
			name: each,
			meaning: parameter.meaning,
			default: parameter.default,
			form: parameter.form,
			...(parameter.choices && {choices: parameter.choices}),
		})),
		decides,
		read(given) {
			read(given);
		},
		check(given, consortium) {
			const values = read(given);
			check?.(values, consortium);
		},
		assign: (instances, {seed, given}) =>
			assign?.(instances, seed, read(given)) ?? instances,
		wrap: (inner, context, given) =>
			wrap?.(inner, context, read(given)) ?? inner.next,
	};
}
