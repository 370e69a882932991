using Microsoft.AspNetCore.Mvc;

namespace OpenMash.Hub.Platform.Furniture;

/// <summary>Registers the page furniture: the scoped <see cref="PageFurniture"/>, the NodaTime binders, plain binding messages.</summary>
public static class FurnitureRegistration
{
    public static IServiceCollection AddPageFurniture(this IServiceCollection services)
    {
        services.AddScoped<PageFurniture>();
        services.Configure<MvcOptions>(options =>
        {
            options.ModelBinderProviders.Insert(0, new NodaTimeModelBinderProvider());
            var messages = options.ModelBindingMessageProvider;
            messages.SetMissingBindRequiredValueAccessor(name => $"Enter {Words.LowerFirst(name)}");
            messages.SetMissingKeyOrValueAccessor(() => "Enter an answer");
            messages.SetMissingRequestBodyRequiredValueAccessor(() => "The request has no body");
            messages.SetValueMustNotBeNullAccessor(_ => "Enter an answer");
            messages.SetAttemptedValueIsInvalidAccessor((value, name) => $"\"{value}\" is not an answer we can use for {Words.LowerFirst(name)}");
            messages.SetNonPropertyAttemptedValueIsInvalidAccessor(value => $"\"{value}\" is not an answer we can use here");
            messages.SetUnknownValueIsInvalidAccessor(name => $"The answer to {Words.LowerFirst(name)} is not one we can use");
            messages.SetNonPropertyUnknownValueIsInvalidAccessor(() => "The answer is not one we can use");
            messages.SetValueIsInvalidAccessor(value => $"\"{value}\" is not an answer we can use");
            messages.SetValueMustBeANumberAccessor(name => $"{name} must be a number");
            messages.SetNonPropertyValueMustBeANumberAccessor(() => "This must be a number");
        });
        return services;
    }
}
