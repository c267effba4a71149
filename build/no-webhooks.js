/*
Stands in for `standardwebhooks` in the bundle. Anthropic's SDK can check webhooks with it, which nobody here receives, and the package has no licence text that could be shipped.
*/
export class Webhook {
	constructor() {
		throw new Error('Webhooks are not part of this program.');
	}
}
