// Says to the style sheets, before anything is drawn, that scripts run. Everything on the page also works where this file does not.
document.body.classList.add('js-enabled')
if ('noModule' in HTMLScriptElement.prototype) document.body.classList.add('govuk-frontend-supported')
