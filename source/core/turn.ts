import {type Allowance} from './allowance.js';
import {type Caching} from './caching.js';
import {type Instance, type SavedConsortium} from './consortium.js';
import {type Conversation} from './conversation.js';
import {type RunEventBody} from './events.js';
import {type Inlet} from './merge.js';
import {type Model} from './model.js';
import {type Observer} from './observation.js';
import {type OpenCalls} from './open-calls.js';
import {type Purse} from './purse.js';
import {type RunState} from './run-state.js';
import {type Strategy} from './strategy.js';
import {type Templates} from './template.js';
import {type Thread} from './thread.js';
import {type World} from './world.js';

/**
Everything one question needs on its way through a consortium.
*/
export type Turn = {
	readonly consortium: SavedConsortium;

	/**
	Who answers. An instance that was swapped has its new model here.
	*/
	readonly instances: Instance[];

	/**
	By the model's name in the configuration.
	*/
	readonly models: Map<string, Model>;
	readonly findModel: (name: string) => Promise<Model>;
	readonly conversation: Conversation;

	/**
	What was settled before this question.
	*/
	readonly thread: Thread;
	readonly prompt: string;
	readonly templates: Templates;
	readonly strategy: Strategy;
	readonly world: World;
	readonly signal: AbortSignal;
	readonly allowance: Allowance;

	/**
	Of the day; null without a daily limit.
	*/
	readonly purse: Purse | null;
	readonly caching: Caching;
	readonly run: RunState;
	readonly calls: OpenCalls;

	/**
	Instances that wait for another one before they are asked.
	*/
	readonly waiting: Set<AbortController>;

	/**
	Who speaks, and what is to be told before they do.
	*/
	readonly inlet: Inlet<RunEventBody>;
	readonly observer: Observer;
};

/**
The instance of this id as it answers now.

@throws TypeError when there is none.
*/
export function instanceOf({instances}: Turn, id: string): Instance {
	const instance = instances.find(each => each.id === id);

	if (!instance) {
		throw new TypeError(`There is no instance ${id}.`);
	}

	return instance;
}
