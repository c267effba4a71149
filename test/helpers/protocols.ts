import {anthropicText} from './anthropic-scenes.js';
import {geminiText} from './gemini-scenes.js';
import {type ApiName} from './providers.js';
import {chatText, responsesText} from './scenes.js';
import {type Scene} from './wire-player.js';

export const apiNames = ['chat', 'responses', 'anthropic', 'gemini'] as const;

/**
A whole answer in each protocol.
*/
export const textIn: Readonly<
	Record<ApiName, (text: string, more?: {model?: string}) => Scene>
> = {
	chat: chatText,
	responses: responsesText,
	anthropic: anthropicText,
	gemini: geminiText,
};

/**
How many pieces of such an answer go out before a first word is said, and not all of them.
*/
export const halfIn: Readonly<Record<ApiName, number>> = {
	chat: 3,
	responses: 6,
	anthropic: 4,
	gemini: 1,
};

/**
The name of the provider and of the variable for its key, in failures.
*/
export const calledIn: Readonly<
	Record<ApiName, {readonly provider: string; readonly keyEnv: string}>
> = {
	chat: {provider: 'server', keyEnv: 'SERVER_KEY'},
	responses: {provider: 'openai', keyEnv: 'OPENAI_API_KEY'},
	anthropic: {provider: 'anthropic', keyEnv: 'ANTHROPIC_API_KEY'},
	gemini: {provider: 'gemini', keyEnv: 'GEMINI_API_KEY'},
};

/**
An error inside a stream that has begun.
*/
export const errorIn: Readonly<
	Record<ApiName, (error: Readonly<Record<string, unknown>>) => string>
> = {
	chat: error => `data: ${JSON.stringify({error})}\n\n`,
	responses: error =>
		`event: error\ndata: ${JSON.stringify({type: 'error', ...error})}\n\n`,
	anthropic: error =>
		`event: error\ndata: ${JSON.stringify({type: 'error', error})}\n\n`,
	gemini: error => `data: ${JSON.stringify({error})}\n\n`,
};

/**
A whole answer with all that a model may have thought before it, and what of that goes back with the next request: as it came, or the text alone where the protocol has no place for more.
*/
export const repliesIn: Readonly<
	Record<
		ApiName,
		{
			readonly scene: (text: string) => Scene;
			readonly sentBack: (text: string) => unknown[];
		}
	>
> = {
	chat: {
		scene: text => chatText(text, {thinking: 'Let me see.'}),
		sentBack: text => [{role: 'assistant', content: text}],
	},
	responses: {
		scene: text => responsesText(text, {thinking: 'Let me see.'}),
		sentBack: text => [
			{
				id: 'rs_1',
				type: 'reasoning',
				summary: [{type: 'summary_text', text: 'Let me see.'}],
				encrypted_content: 'gAAAA-sealed',
			},
			{
				id: 'msg_1',
				type: 'message',
				role: 'assistant',
				phase: 'final_answer',
				status: 'completed',
				content: [{type: 'output_text', text, annotations: []}],
			},
		],
	},
	anthropic: {
		scene: text =>
			anthropicText(text, {thinking: 'Let me see.', signature: 'SIG=='}),
		sentBack: text => [
			{
				role: 'assistant',
				content: [
					{type: 'thinking', thinking: 'Let me see.', signature: 'SIG=='},
					{type: 'text', text},
				],
			},
		],
	},
	gemini: {
		scene: text =>
			geminiText(text, {thinking: 'Let me see.', signature: 'SIG=='}),
		sentBack: text => [
			{
				role: 'model',
				parts: [
					{text: 'Let me see.', thought: true},
					{text},
					{text: '', thoughtSignature: 'SIG=='},
				],
			},
		],
	},
};
