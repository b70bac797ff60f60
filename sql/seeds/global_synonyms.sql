-- Words that mean the same in support chats of every trade, so that a question finds the page that answers it in other
-- words. Those that are not safe for all mean something else in some trades (a stock exchange, a menu of settings,
-- cookies to eat): they are kept for domains to adopt and are not applied by themselves.
insert into global_synonym_mappings (term, synonyms, is_safe_for_all, category) values
    -- buying and prices
    ('pricing', array['cost', 'price list', 'rates', 'fees'], true, 'sales'),
    ('discount', array['price reduction', 'rebate', 'special offer', 'money off'], true, 'sales'),
    ('coupon', array['voucher', 'promo code', 'discount code', 'gift code'], true, 'sales'),
    ('gift card', array['gift voucher', 'gift certificate'], true, 'sales'),
    ('sale', array['clearance', 'special offer', 'promotion'], true, 'sales'),
    ('quote', array['quotation', 'estimate', 'cost proposal'], true, 'sales'),
    ('in stock', array['available', 'on hand', 'ready to ship'], true, 'sales'),
    ('out of stock', array['sold out', 'unavailable', 'on backorder'], true, 'sales'),
    -- orders
    ('order status', array['order progress', 'where is my order', 'order update'], true, 'orders'),
    ('checkout', array['shopping cart', 'place an order', 'complete purchase'], true, 'orders'),
    ('cancel', array['call off', 'cancellation', 'withdraw'], true, 'orders'),
    -- delivery
    ('shipping', array['delivery', 'dispatch', 'postage'], true, 'delivery'),
    ('shipping cost', array['delivery fee', 'delivery charge', 'postage cost'], true, 'delivery'),
    ('tracking', array['track and trace', 'parcel tracking', 'shipment status'], true, 'delivery'),
    ('delivery time', array['shipping time', 'lead time', 'estimated arrival'], true, 'delivery'),
    ('international shipping', array['overseas delivery', 'shipping abroad', 'worldwide delivery'], true, 'delivery'),
    ('pickup', array['collection', 'click and collect', 'store pickup'], true, 'delivery'),
    ('parcel', array['package', 'shipment', 'packet'], true, 'delivery'),
    ('lost parcel', array['missing package', 'not delivered', 'parcel never arrived'], true, 'delivery'),
    -- returns
    ('return', array['send back', 'bring back'], true, 'returns'),
    ('refund', array['money back', 'reimbursement', 'repayment'], true, 'returns'),
    ('exchange', array['swap', 'replacement', 'trade'], false, 'returns'),
    ('warranty', array['guarantee', 'manufacturer cover', 'product protection'], true, 'returns'),
    ('defective', array['faulty', 'broken', 'not working', 'damaged'], true, 'returns'),
    -- payment
    ('payment', array['pay', 'payment options', 'how to pay'], true, 'payment'),
    ('credit card', array['debit card', 'bank card', 'card payment'], true, 'payment'),
    ('invoice', array['bill', 'billing statement', 'tax invoice'], true, 'payment'),
    ('receipt', array['proof of payment', 'sales slip'], true, 'payment'),
    ('installments', array['pay in parts', 'payment plan', 'buy now pay later'], true, 'payment'),
    ('bank transfer', array['wire transfer', 'direct deposit'], true, 'payment'),
    ('payment failed', array['card declined', 'payment rejected', 'payment error'], true, 'payment'),
    -- account
    ('account', array['profile', 'user account', 'customer account'], true, 'account'),
    ('login', array['log in', 'sign in', 'signin'], true, 'account'),
    ('password', array['passcode', 'login credentials'], true, 'account'),
    ('reset password', array['forgot password', 'recover password', 'change password'], true, 'account'),
    ('register', array['sign up', 'create account', 'enroll'], true, 'account'),
    ('delete account', array['close account', 'remove account', 'deactivate account'], true, 'account'),
    ('two-factor authentication', array['2fa', 'verification code', 'two-step verification'], true, 'account'),
    -- subscriptions
    ('subscription', array['membership', 'recurring plan', 'plan'], true, 'subscription'),
    ('unsubscribe', array['opt out', 'end subscription', 'stop emails'], true, 'subscription'),
    ('upgrade', array['move to a higher plan', 'switch plan'], false, 'subscription'),
    ('free trial', array['trial period', 'test period', 'try for free'], true, 'subscription'),
    -- contact and service
    ('contact', array['get in touch', 'reach out', 'contact details'], true, 'contact'),
    ('customer service', array['support team', 'help desk', 'customer care'], true, 'contact'),
    ('phone number', array['telephone', 'hotline', 'call us'], true, 'contact'),
    ('email', array['e-mail', 'mail address'], true, 'contact'),
    ('opening hours', array['business hours', 'working hours', 'when open', 'open times'], true, 'contact'),
    ('location', array['address', 'directions', 'where to find'], true, 'contact'),
    ('complaint', array['grievance', 'dissatisfied', 'negative feedback'], true, 'contact'),
    ('faq', array['frequently asked questions', 'common questions', 'help topics'], true, 'contact'),
    -- appointments and hospitality
    ('appointment', array['time slot', 'scheduled visit', 'consultation'], true, 'booking'),
    ('booking', array['reservation', 'reserve'], true, 'booking'),
    ('reschedule', array['change appointment', 'move booking', 'new date'], true, 'booking'),
    ('menu', array['dishes', 'food list', 'what is served'], false, 'booking'),
    -- technical trouble
    ('error', array['error message', 'problem', 'issue', 'fault'], true, 'technical'),
    ('crash', array['freezes', 'stops working', 'hangs'], false, 'technical'),
    ('manual', array['user guide', 'instructions', 'handbook'], true, 'technical'),
    ('install', array['set up', 'setup', 'installation'], true, 'technical'),
    ('compatibility', array['works with', 'compatible', 'supported devices'], true, 'technical'),
    -- privacy and terms
    ('privacy', array['data protection', 'personal data', 'gdpr'], true, 'legal'),
    ('cookies', array['cookie settings', 'cookie consent', 'tracking consent'], false, 'legal'),
    ('terms and conditions', array['terms of service', 'terms of use', 'small print'], true, 'legal');
