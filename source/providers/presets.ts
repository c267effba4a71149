import {type Endpoint} from './endpoint.js';

const preset = (
	name: string,
	baseUrl: string,
	keyEnv: string | null = null,
): Endpoint => ({name, baseUrl, keyEnv, api: 'chat'});

/**
OpenAI-compatible servers that need no configuration but, for the distant ones, a key.
*/
export const presets: readonly Endpoint[] = [
	preset('ollama', 'http://localhost:11434/v1'),
	preset('lmstudio', 'http://localhost:1234/v1'),
	preset('vllm', 'http://localhost:8000/v1'),
	preset('openrouter', 'https://openrouter.ai/api/v1', 'OPENROUTER_API_KEY'),
	preset('groq', 'https://api.groq.com/openai/v1', 'GROQ_API_KEY'),
	preset('deepseek', 'https://api.deepseek.com/v1', 'DEEPSEEK_API_KEY'),
	preset('mistral', 'https://api.mistral.ai/v1', 'MISTRAL_API_KEY'),
	preset('xai', 'https://api.x.ai/v1', 'XAI_API_KEY'),
	preset('together', 'https://api.together.xyz/v1', 'TOGETHER_API_KEY'),
];

/**
A company that makes models and is reached directly.
*/
export type Vendor = Endpoint & {
	readonly keyEnv: string;

	/**
	A second variable its key may be in.
	*/
	readonly otherKeyEnv: string | null;

	/**
	The variable that holds another address for it.
	*/
	readonly baseUrlEnv: string;

	/**
	Its name in the price data.
	*/
	readonly seller: string;

	/**
	The model to use when none is named.
	*/
	readonly defaultModel: string;
};

/**
The vendors, the one whose default model is strongest first.
*/
export const vendors: readonly Vendor[] = [
	{
		name: 'anthropic',
		baseUrl: 'https://api.anthropic.com',
		keyEnv: 'ANTHROPIC_API_KEY',
		otherKeyEnv: null,
		baseUrlEnv: 'ANTHROPIC_BASE_URL',
		api: 'anthropic',
		seller: 'anthropic',
		defaultModel: 'claude-opus-5-5',
	},
	{
		name: 'openai',
		baseUrl: 'https://api.openai.com/v1',
		keyEnv: 'OPENAI_API_KEY',
		otherKeyEnv: null,
		baseUrlEnv: 'OPENAI_BASE_URL',
		api: 'responses',
		seller: 'openai',
		defaultModel: 'gpt-6.1-sol',
	},
	{
		name: 'gemini',
		baseUrl: 'https://generativelanguage.googleapis.com',
		keyEnv: 'GEMINI_API_KEY',
		otherKeyEnv: 'GOOGLE_API_KEY',
		baseUrlEnv: 'GEMINI_BASE_URL',
		api: 'gemini',
		seller: 'google',
		defaultModel: 'gemini-3.8-flash',
	},
];

/**
The vendor of that name; null for every other server.
*/
export function vendorNamed(name: string): Vendor | null {
	return vendors.find(vendor => vendor.name === name) ?? null;
}
