import {type Instance, type SavedConsortium} from './consortium.js';
import {type Conversation} from './conversation.js';
import {type Model} from './model.js';
import {type RunControl} from './run-control.js';
import {type RunState} from './run-state.js';
import {type Strategy} from './strategy.js';
import {type Templates} from './template.js';
import {type World} from './world.js';

/**
Everything one question needs on its way through a consortium.
*/
export type Turn = {
	readonly consortium: SavedConsortium;
	readonly instances: readonly Instance[];

	/**
	By the model's name in the configuration.
	*/
	readonly models: ReadonlyMap<string, Model>;
	readonly conversation: Conversation;
	readonly prompt: string;
	readonly templates: Templates;
	readonly strategy: Strategy;
	readonly world: World;
	readonly control: RunControl;
	readonly signal: AbortSignal;
	readonly run: RunState;
};
