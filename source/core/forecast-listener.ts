import {type SavedConsortium} from './consortium.js';
import {type CallStart, type RunEvent} from './events.js';
import {tokensIn} from './forecast-cache.js';
import {conditionOf, hedge, isHedged} from './forecast-condition.js';
import {type Counted} from './forecast-stand-in.js';
import {type CallPurpose, type Model, type ModelOptions} from './model.js';

export type ForecastCall = Counted & {
	/**
	Of the run itself, also for what is called inside of a consortium in it.
	*/
	readonly iteration: number;

	/**
	The iterations of the runs inside of it that the call belongs to, the outermost first; empty for a call of the run itself.
	*/
	readonly innerIterations: readonly number[];

	/**
	Inside of a consortium its instance comes first, as in `trio#1 → luna#2`.
	*/
	readonly speaker: string;
	readonly model: string;

	/**
	`embedding`: answers are compared for a strategy.
	*/
	readonly purpose: CallPurpose | 'embedding';
	readonly options: ModelOptions;

	/**
	What it depends on whether it is made, in a few words; null for nothing but how far the run goes.
	*/
	readonly condition: string | null;

	/**
	US dollars; null when the price is unknown.
	*/
	readonly costUsd: number | null;
};

/**
A run that is played, or one inside of it.
*/
type Scope = {
	readonly within: string;

	/**
	The iterations of those it is inside of.
	*/
	readonly outer: readonly number[];
	readonly said: Set<string>;
	consortium: SavedConsortium;
	iteration: number;
};

export const scopeIn = (
	within: string,
	outer: readonly number[],
	consortium: SavedConsortium,
): Scope => ({within, outer, consortium, said: new Set(), iteration: 0});

/**
The calls of a run, and of those inside of it, as its events tell them.
*/
export function createListener(
	outermost: Scope,
	{
		isLucky,
		models,
		counts,
		embedded,
	}: {
		readonly isLucky: boolean;
		readonly models: ReadonlyMap<string, Model>;
		readonly counts: ReadonlyMap<string, Counted>;
		readonly embedded: ReadonlyMap<string, number>;
	},
) {
	const calls: ForecastCall[] = [];
	const starts = new Map<string, CallStart>();
	const inner = new Map<string, Scope>();
	const {budgetUsd} = outermost.consortium.limits;
	let cut: string | null = null;

	const tell = (
		scope: Scope,
		call: Omit<ForecastCall, 'iteration' | 'innerIterations'>,
	) => {
		const [iteration, ...innerIterations] = [...scope.outer, scope.iteration];
		calls.push({
			...call,
			iteration,
			innerIterations,
			speaker: `${scope.within}${call.speaker}`,
		});
	};

	const tellCall = (scope: Scope, start: CallStart) => {
		const {speaker, model, purpose, options, transcriptId} = start;
		const {inputCharacters, ...tokens} = counts.get(transcriptId)!;
		const key = `${scope.iteration} ${speaker} ${purpose}`;
		const call = {
			speaker,
			model,
			purpose,
			options,
			inputCharacters,
			...tokens,
			condition: conditionOf(start, scope.consortium, scope.said.has(key)),
			costUsd: models.get(model)!.costOf({...tokens, reasoningTokens: null}),
		};
		scope.said.add(key);
		tell(scope, call);

		// A stand-in is never silent: whoever can be asked twice is, in the longest run there can be.
		if (!isLucky && purpose === 'answer' && isHedged(scope.consortium)) {
			tell(scope, {...call, condition: hedge});
		}
	};

	const hearIn = (scope: Scope, event: RunEvent): void => {
		switch (event.type) {
			case 'run-start': {
				scope.consortium = event.consortium;
				break;
			}

			case 'iteration-start': {
				scope.iteration = event.iteration;
				break;
			}

			case 'nested': {
				const {parentCallId: id} = event;
				const within = `${scope.within}${starts.get(id)!.speaker} → `;
				const inside =
					inner.get(id) ??
					scopeIn(within, [...scope.outer, scope.iteration], scope.consortium);
				inner.set(id, inside);
				hearIn(inside, event.event);
				break;
			}

			case 'observation': {
				const {observation} = event;

				if (observation.kind === 'similarity') {
					const {model, costUsd, calls: compared} = observation;
					const inputCharacters = embedded.get(compared.join(' ')) ?? 0;
					tell(scope, {
						speaker: 'semantic',
						model,
						purpose: 'embedding',
						options: {},
						inputCharacters,
						inputTokens: tokensIn(inputCharacters),
						cachedTokens: 0,
						cacheWriteTokens: 0,
						outputTokens: 0,
						condition: null,
						costUsd,
					});
				}

				break;
			}

			case 'call-start': {
				starts.set(event.callId, event);
				break;
			}

			case 'call-end': {
				if (!inner.has(event.callId)) {
					tellCall(scope, starts.get(event.callId)!);
					cut ??=
						event.outcome.abort === 'budget'
							? `The budget of $${budgetUsd} would end in the middle of what ${scope.within}${event.speaker} says in iteration ${outermost.iteration}.`
							: null;
				}

				break;
			}

			default:
		}
	};

	return {
		calls,
		hear(event: RunEvent) {
			hearIn(outermost, event);
		},
		cut: () => cut,
	};
}
