import {type SavedConsortium} from './consortium.js';
import {type Brief} from './brief.js';
import {type RunState} from './run-state.js';
import {type Templates} from './template.js';
import {type Thread} from './thread.js';
import {type Ask} from './transcript.js';

/**
Why a run ends. Only `converged` returns the verdict that ended it; after every other reason the most confident one is returned.
*/
export type StopKind = 'converged' | 'exhausted' | 'no-answers' | 'no-arbiter';

/**
What happens next.

`ask`: these instances speak, together. `until` lets the rest go once `quorum` of them have answered and `graceMs` more have passed. `judge`: these arbiters weigh what is there. `reason` is a sentence for a person.
*/
export type Step =
	| {
			readonly type: 'ask';
			readonly ask: ReadonlyArray<{
				readonly instance: string;
				readonly message: Ask;
				readonly templateHash: string | null;
				readonly system: string | null;
			}>;
			readonly until?: {readonly quorum: number; readonly graceMs: number};
			readonly reason: string;
	  }
	| {
			readonly type: 'judge';
			readonly judge: ReadonlyArray<{
				readonly arbiter: string;
				readonly brief: Brief;
			}>;
			readonly reason: string;
	  }
	| {
			readonly type: 'stop';
			readonly stop: StopKind;
			readonly reason: string;
	  };

/**
Chooses who speaks, who is heard, and when it ends: one pure function of the picture, asked again whenever nobody speaks.
*/
export type Strategy = {
	readonly name: string;
	readonly next: (run: RunState) => Step;
};

/**
What a strategy is made from, beside its own parameters.
*/
export type StrategyContext = {
	readonly consortium: SavedConsortium;
	readonly templates: Templates;
	readonly thread: Thread;
};

export type StrategyParameter = {
	readonly name: string;
	readonly meaning: string;
	readonly default: unknown;
};

/**
A strategy as it is listed and chosen by name.
*/
export type StrategyKind = {
	readonly name: string;
	readonly meaning: string;
	readonly parameters: readonly StrategyParameter[];
	readonly create: (context: StrategyContext) => Strategy;
};
