import {type SavedConsortium} from '../core/consortium.js';
import {type Conversation} from '../core/conversation.js';
import {type RunListener} from '../core/drive.js';
import {type Forecast} from '../core/forecast.js';
import {type RunResult} from '../core/result.js';
import {type RunControl} from '../core/run-control.js';
import {type RunState} from '../core/run-state.js';
import {
	type ConversationEntry,
	type DoubtEntry,
	type ImportedText,
} from './log-entries.js';
import {type ThemeName} from './theme.js';

/**
A consortium that can be chosen. `built-in` is the demo; `chosen` is what the keys and servers there are suggest, while nothing is saved; `changed` was altered for this session only.
*/
export type Choice = {
	readonly kind: 'saved' | 'built-in' | 'chosen' | 'changed';
	readonly consortium: SavedConsortium;
	readonly isDefault: boolean;

	/**
	The model that will weigh the answers where the consortium names none.
	*/
	readonly arbiter?: string;
};

/**
What can be said of a consortium without calling a model.
*/
export type Check = {
	/**
	Sentences. While there is one, it cannot run.
	*/
	readonly problems: readonly string[];
	readonly warnings: readonly string[];

	/**
	For a question of ordinary length; null when it cannot run.
	*/
	readonly forecast: Pick<
		Forecast,
		'low' | 'likely' | 'high' | 'memory'
	> | null;
};

export type ModelEntry = {
	/**
	As it is written in a spec.
	*/
	readonly name: string;

	/**
	False when its key is missing.
	*/
	readonly isReady: boolean;

	/**
	US dollars per million tokens; null when unknown.
	*/
	readonly inputUsd: number | null;
	readonly outputUsd: number | null;
};

/**
The state of a provider's key, never the key.
*/
export type KeyEntry = {
	readonly provider: string;

	/**
	`stored`, or the environment variable it is in; null when there is none.
	*/
	readonly source: string | null;
	readonly variables: readonly string[];
};

export type Settings = {
	readonly theme: ThemeName | 'auto';

	/**
	Ring, and notify where the terminal can, when a run of more than 10 s ends.
	*/
	readonly bell: boolean;

	/**
	What all runs of a day may cost together, in US dollars; null for no limit.
	*/
	readonly dailyLimitUsd: number | null;
};

export type Opening = {
	readonly choice: Choice;

	/**
	The conversation that was wanted; null when none was, or when it is not there, which is among the notices.
	*/
	readonly continued: Continued | null;
	readonly settings: Settings;

	/**
	What a person should hear at the start, a sentence each.
	*/
	readonly notices: readonly string[];

	/**
	No provider has a key: `choice` is the demo, and it should be told how to add one.
	*/
	readonly isKeyless: boolean;
	readonly isLogged: boolean;
};

/**
One question for a consortium.
*/
export type RunRequest = {
	readonly consortium: SavedConsortium;
	readonly prompt: string;
	readonly conversation: Conversation;
	readonly control: RunControl;
	readonly signal: AbortSignal;

	/**
	For a run that goes on from one before: its picture, what kind it is, and whom to ask again, with the model to ask instead where it is swapped.
	*/
	readonly from: Derived | null;

	/**
	Ask the person whether commands, in full, may be run on this machine to check answers.
	*/
	readonly confirm: (commands: readonly string[]) => Promise<boolean>;
};

export type Derived = {
	readonly kind: 'retry' | 'rearbitrate' | 'resume';
	readonly run: RunState;
	readonly redo: ReadonlyArray<{
		readonly instance: string;
		readonly model: string | null;
	}>;
};

/**
A conversation of the log that goes on.
*/
export type Continued = {
	readonly conversation: Conversation;

	/**
	Of its runs, in order, those of the conversation it was forked from included.
	*/
	readonly pictures: readonly RunState[];

	/**
	The consortium that was asked last, as it was then, unless flags say otherwise.
	*/
	readonly choice: Choice;

	/**
	What a person should hear, a sentence each.
	*/
	readonly notices: readonly string[];
};

/**
All the app asks of the world outside. Whatever returns a promise may reject with a `UserError`, whose sentence is shown; nothing here is called before the first frame is out.
*/
export type Services = {
	/**
	Read configuration, keys and settings, and the conversation to go on with: an id or its beginning, `latest`, or null for a new one. No network, no SDK, and no log unless there is one to go on with.
	*/
	readonly open: (wanted?: string | null) => Promise<Opening>;

	/**
	A consortium made of what servers on this machine have; null when none answers.
	*/
	readonly findLocal: () => Promise<Choice | null>;

	/**
	Saved ones and the built-in one.
	*/
	readonly consortiums: () => Promise<readonly Choice[]>;

	/**
	Save under its name. `replaces` is the name it had, or that of the one it overwrites; null for a new one.
	*/
	readonly saveConsortium: (
		consortium: SavedConsortium,
		replaces: string | null,
	) => Promise<void>;
	readonly removeConsortium: (name: string) => Promise<void>;
	readonly makeDefault: (name: string) => Promise<void>;

	/**
	The consortium with one thing changed, by the name of its flag: `max-iterations`, `5`.
	*/
	readonly changed: (
		consortium: SavedConsortium,
		key: string,
		value: string,
	) => Promise<SavedConsortium>;
	readonly checkConsortium: (consortium: SavedConsortium) => Promise<Check>;

	readonly models: () => Promise<readonly ModelEntry[]>;
	readonly keys: () => Promise<readonly KeyEntry[]>;
	readonly storeKey: (provider: string, key: string) => Promise<void>;

	/**
	A new one, or a fork of another as it stood after these runs.
	*/
	readonly newConversation: (after?: readonly RunState[]) => Conversation;

	/**
	What it costs more, in US dollars, to have a model read so many tokens that its provider keeps as if it did not; null when nobody knows.
	*/
	readonly rereadUsd: (model: string, tokens: number) => Promise<number | null>;

	/**
	What all runs of the day took, in US dollars, as far as it is known; null when nothing is.
	*/
	readonly spentToday: () => Promise<number | null>;

	/**
	Put a question and wait for the whole outcome; `listen` hears every event in order, after the log has.
	*/
	readonly run: (
		request: RunRequest,
		listen: RunListener,
	) => Promise<RunResult>;

	/**
	Keep a person's judgement of a run's answer, or of one call's: 1 is good, 0 is bad.
	*/
	readonly rate: (
		runId: string,
		callId: string | null,
		score: 0 | 1,
	) => Promise<void>;

	/**
	Conversations of the log, imported ones too, that hold all words of `query`, the latest first; `before` is the last of the page before. One may be found again on a later page.
	*/
	readonly conversations: (
		query: string,
		before: ConversationEntry | null,
	) => Promise<readonly ConversationEntry[]>;

	/**
	The pictures of its runs, in order, those of the conversation it was forked from included.
	*/
	readonly openConversation: (id: string) => Promise<readonly RunState[]>;

	/**
	What was asked and said in a conversation that was imported, in order.
	*/
	readonly readImported: (id: string) => Promise<readonly ImportedText[]>;

	/**
	The pictures of its runs, to be gone on with: by an id or its beginning, or `latest`. With a turn, what came after it is left behind, and what is said from now on belongs to a conversation of its own.
	*/
	readonly continueConversation: (
		id: string,
		afterTurn: number | null,
	) => Promise<Continued>;

	/**
	An empty name takes it back.
	*/
	readonly renameConversation: (id: string, name: string) => Promise<void>;

	/**
	Hide it, or show it again.
	*/
	readonly deleteConversation: (id: string) => Promise<void>;
	readonly restoreConversation: (id: string) => Promise<void>;

	/**
	What the search for runs in the log was not sure of, in the order of their ids, after one of them; and how many there are in all.
	*/
	readonly doubts: (after: string | null) => Promise<{
		readonly entries: readonly DoubtEntry[];
		readonly open: number;
	}>;

	/**
	Choose one of its proposals, from 0, or none of them with null.
	*/
	readonly decideDoubt: (id: string, choice: number | null) => Promise<void>;

	/**
	With null the latest decision of the log. Tells which was taken back; null when there is none.
	*/
	readonly undoDecision: (id: string | null) => Promise<string | null>;

	/**
	What was asked before, in this and in earlier sessions, the latest last.
	*/
	readonly history: () => Promise<readonly string[]>;
	readonly remember: (text: string) => Promise<void>;

	/**
	Let the person edit or read a text in their editor, which has the terminal meanwhile; null when it was left as it was.
	*/
	readonly editText: (text: string) => Promise<string | null>;

	/**
	Runs as a document for people, disagreement and costs included.
	*/
	readonly document: (
		form: 'markdown' | 'html',
		runs: readonly RunState[],
	) => Promise<string>;

	/**
	Write a text to a file; what is there is not overwritten. Returns its path.
	*/
	readonly writeFile: (file: string, text: string) => Promise<string>;
	readonly saveSettings: (settings: Settings) => Promise<void>;
};
