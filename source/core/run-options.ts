import {type Allowance} from './allowance.js';
import {type Caching} from './caching.js';
import {type Conversation} from './conversation.js';
import {type Derived} from './derive.js';
import {type Model} from './model.js';
import {type Consortiums} from './nesting.js';
import {type Observer} from './observation.js';
import {type Purse} from './purse.js';
import {type Roles} from './roles.js';
import {type RunControl} from './run-control.js';
import {type Strategy} from './strategy.js';
import {type Templates} from './template.js';
import {type World} from './world.js';

export type RunOptions = {
	/**
	By the model's name in the configuration, arbiters included.
	*/
	readonly models: ReadonlyMap<string, Model>;
	readonly templates: Templates;
	readonly world: World;
	readonly signal: AbortSignal;
	readonly control?: RunControl;

	/**
	Find a model that takes the place of another, with its price where there is a budget. What it throws is why the swap is refused. Without it only models of the configuration can be swapped in.
	*/
	readonly findModel?: (name: string) => Promise<Model>;

	/**
	The conversation this question belongs to; a new one when left out.
	*/
	readonly conversation?: Conversation;

	/**
	How the prompt caches of providers are used; `cachingDefaults` where left out.
	*/
	readonly caching?: Partial<Caching>;

	/**
	What an instance is told of a role, by its name.
	*/
	readonly roles?: Roles;

	/**
	Finds out for the strategy what only the outside can tell.
	*/
	readonly observer?: Observer;

	/**
	What may be spent beside the run's own budget.
	*/
	readonly purse?: Purse;

	/**
	The consortiums that members and arbiters may name, with an arbiter each.
	*/
	readonly consortiums?: Consortiums;

	/**
	Of the run in which this one speaks, where it does: it is what may be spent, and until when.
	*/
	readonly allowance?: Allowance;

	/**
	It speaks as a member of that run. Default: false.
	*/
	readonly isMember?: boolean;

	/**
	The run this one is made from, the latest of its conversation, and what is done again; or the run that is resumed. The prompt is that run's.
	*/
	readonly from?: Derived;

	/**
	Instead of the strategy the consortium names.
	*/
	readonly strategy?: Strategy;
};
