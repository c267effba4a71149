/*
The library: a consortium for programs, without a terminal, a log or a configuration file.
*/
import {statSync} from 'node:fs';
import process from 'node:process';
import {readCaching, type Caching} from './core/caching.js';
import {objectWith, textIn} from './core/checks.js';
import {
	readConsortium,
	type ConsortiumConfig,
} from './core/consortium-config.js';
import {
	createConversation as createConversationIn,
	restoreConversation as restoreConversationIn,
	type Conversation,
} from './core/conversation.js';
import {drive} from './core/drive.js';
import {type RunEvent} from './core/events.js';
import {type RunResult} from './core/result.js';
import {nestedIn} from './core/nesting.js';
import {readConsortiums} from './core/read-consortiums.js';
import {
	isPicture,
	readDerived,
	type DerivedConfig,
} from './core/read-derived.js';
import {type RunState} from './core/run-state.js';
import {runConsortium as runIn} from './core/run-consortium.js';
import {type RunControl} from './core/run-control.js';
import {UserError} from './core/user-error.js';
import {createObserver} from './observers/observer.js';
import {findRoles, readTemplates} from './prompts.js';
import {readAccess, type Access} from './providers/access.js';
import {castOf} from './providers/cast.js';
import {withArbiter} from './providers/default-arbiter.js';
import {createDemoModel} from './providers/demo.js';
import {createModels} from './providers/resolve.js';
import {createWorld} from './world.js';

export {parseModelSpec} from './core/model-spec.js';
export {parseConfidence} from './core/reading/confidence.js';
export {parseVerdict} from './core/reading/verdict.js';
export {createRunControl} from './core/run-control.js';
export {emptyRun, foldRun} from './core/run-state.js';
export {UserError} from './core/user-error.js';
export type {
	Arbiter,
	JudgingMethod,
	Member,
	MemoryMode,
	SavedConsortium,
	StopPolicy,
} from './core/consortium.js';
export type {DerivedConfig} from './core/read-derived.js';
export type {ConsortiumConfig} from './core/consortium-config.js';
export type {Caching} from './core/caching.js';
export type {Conversation, TranscriptKey} from './core/conversation.js';
export type {
	CallStart,
	RunEvent,
	RunEventBody,
	RunKind,
	Speaker,
} from './core/events.js';
export type {Failure, FailureKind} from './core/failure.js';
export type {ModelOptions, Usage} from './core/model.js';
export type {MemberConfig, ModelSpec} from './core/model-spec.js';
export type {ParsedVerdict} from './core/reading/verdict.js';
export type {
	BrokenAttempt,
	CallOutcome,
	CallState,
	InstanceResult,
	RunResult,
	RunStatus,
	Verdict,
	VerdictResult,
} from './core/result.js';
export type {RunControl, Verbs} from './core/run-control.js';
export type {
	CallPicture,
	IterationPicture,
	RunState,
} from './core/run-state.js';
export type {Access} from './providers/access.js';
export type {Price} from './providers/price-table.js';

/**
What a run may be given beside its consortium and its prompt.
*/
export type RunOptions = Access & {
	/**
	Ends the run when it aborts: what came before is in the result, whose status is `cancelled`.
	*/
	readonly signal?: AbortSignal;

	/**
	The verbs by which to reach into the run; see `createRunControl`.
	*/
	readonly control?: RunControl;

	/**
	The conversation this question belongs to, which it becomes a part of; a new one when left out. One run at a time.
	*/
	readonly conversation?: Conversation;

	/**
	The run to make this one from: the latest of the conversation, by its picture, which `foldRun` makes of its events; or the run to be resumed, which goes on as itself. The prompt is that run's.
	*/
	readonly from?: DerivedConfig;

	/**
	How the prompt caches of the providers are used. `hasMarkers` (true): send markers and keys. `isFollowUpLikely` (false): keep also what is said last. `isWarmed` (false): let one instance go first where several begin with the same long prompt, when that pays.
	*/
	readonly caching?: Partial<Caching>;

	/**
	Those that members and arbiters may be, by their names.
	*/
	readonly consortiums?: readonly ConsortiumConfig[];

	/**
	A folder of prompt templates; a file in it takes the place of the shipped one of that name, such as `arbiter.md`. Files in its folder `roles` are roles, by their names.
	*/
	readonly templatesFolder?: string;
};

/**
A consortium that can be asked.
*/
export type Consortium = {
	/**
	Put one question to it and wait for the whole outcome, which is a result also when models fail, a limit ends it or its signal aborts: see `status` and `reasons`.

	@throws UserError, before anything is called, for what `runConsortium` refuses.
	*/
	readonly run: (prompt: string, options?: RunOptions) => Promise<RunResult>;
};

const optionKeys = [
	'signal',
	'keys',
	'endpoints',
	'baseUrls',
	'prices',
	'control',
	'conversation',
	'from',
	'caching',
	'consortiums',
	'templatesFolder',
] as const satisfies ReadonlyArray<keyof RunOptions>;

/**
A consortium to be asked any number of questions.

@throws UserError at once for a configuration that is not allowed, with what to do in `hint`.

@example
```js
const trio = createConsortium({
	members: ['gpt-6-luna:2', 'ollama/llama3.2?temperature=0.2'],
	arbiter: 'gpt-6.1-sol',
	confidenceThreshold: 0.9,
});
const {answer, confidence} = await trio.run('How many primes are below 100?');
```
*/
export function createConsortium(config: ConsortiumConfig): Consortium {
	const consortium = readConsortium(config);

	return {
		run: async (prompt, options) =>
			drive(runConsortium(consortium, prompt, options), []),
	};
}

/**
Put one question to a consortium and watch: yields every event as it happens, and returns the result, which the last event, `run-end`, carries too. Nothing is asked before the first `next`. Leaving the loop early aborts every request.

What models do is in the events, never thrown. Times are in milliseconds, costs in US dollars, confidences from 0 to 1; what is not known is null.

@throws UserError, before anything is called, for a configuration or options that are not allowed, a model that cannot be called or whose key is missing, and a budget over unknown prices.

@example
```js
const config = {members: ['gpt-6-luna:3'], limits: {budgetUsd: 0.1}};

for await (const event of runConsortium(config, 'Why is the sky blue?')) {
	if (event.type === 'answer-delta') {
		process.stdout.write(event.text);
	}
}
```
*/
export async function* runConsortium(
	config: ConsortiumConfig,
	prompt: string,
	options: RunOptions = {},
): AsyncGenerator<RunEvent, RunResult, void> {
	const consortium = readConsortium(config);
	const {
		signal = new AbortController().signal,
		control,
		conversation,
		from,
		caching,
		consortiums = [],
		templatesFolder = null,
	} = objectWith(options, 'The options of a run', optionKeys) as RunOptions;

	if (!(signal instanceof AbortSignal)) {
		throw new UserError(
			'signal is no AbortSignal.',
			'For example: signal: AbortSignal.timeout(60_000)',
		);
	}

	assertMade(control?.attach, 'control', 'createRunControl()', control);
	assertMade(
		conversation?.transcriptOf,
		'conversation',
		'createConversation()',
		conversation,
	);

	if (
		templatesFolder !== null &&
		!statSync(textIn(templatesFolder, 'templatesFolder'), {
			throwIfNoEntry: false,
		})?.isDirectory()
	) {
		throw new UserError(
			`templatesFolder is no folder: ${templatesFolder}`,
			'Name one that is there, or leave it out for the built-in templates.',
		);
	}

	const world = createWorld();
	const access = readAccess(options, process.env);
	const saved = readConsortiums(consortiums);
	nestedIn(consortium, saved);
	const [whole, ...others] = [consortium, ...saved.values()].map(each =>
		withArbiter(each, access.keys, saved),
	);
	const nested = new Map(others.map(each => [each.name, each]));
	const models = createModels({
		...access,
		random: world.random,
		extra: {demo: name => createDemoModel(name, world)},
	});

	return yield* runIn(whole!, textIn(prompt, 'The prompt'), {
		models: await castOf(whole!, models, nested),
		consortiums: nested,
		templates: readTemplates(templatesFolder),
		roles: findRoles(templatesFolder),
		world,
		signal,
		findModel: models.resolve,
		observer: createObserver({
			environment: {},
			// A program that wants one run can run it itself.
			isConfirmed: () => false,
			embedderFor: models.findEmbedder,
		}),
		...(from !== undefined && {from: readDerived(from)}),
		...(caching !== undefined && {caching: readCaching(caching)}),
		...(control && {control}),
		...(conversation && {conversation}),
	});
}

/**
What has methods is made here, and known by one of them.
*/
function assertMade(
	method: unknown,
	name: string,
	maker: string,
	value: unknown,
): void {
	if (value !== undefined && typeof method !== 'function') {
		throw new UserError(
			`${name} is none that was made here.`,
			`Pass what ${maker} returned, or leave it out.`,
		);
	}
}

/**
A conversation that runs can be part of: each is told what was settled before it, and every member goes on in its own.

@example
```js
const conversation = createConversation();
await trio.run('Name a large prime.', {conversation});
await trio.run('And a larger one?', {conversation});
```
*/
export function createConversation(): Conversation {
	return createConversationIn(createWorld());
}

/**
A conversation as it stood after the last of these runs, to be gone on with: by their pictures, which `foldRun` makes of their events, in the order they were made. With another `id` than theirs it is a fork, and what is said in it does not touch the first one.

@throws UserError for what is no picture.

@example
```js
const conversation = restoreConversation([picture]);
await trio.run('And a larger one?', {conversation});
```
*/
export function restoreConversation(
	runs: readonly RunState[],
	id?: string,
): Conversation {
	const last = runs.at(-1);

	if (!last || runs.some(run => !isPicture(run) || run.start === null)) {
		throw new UserError(
			'There is no run, or one is no picture.',
			'Pass what `emptyRun()` returned, with every event of the run put in by `foldRun`.',
		);
	}

	return restoreConversationIn(
		createWorld(),
		id ?? last.start!.conversationId,
		runs,
	);
}
